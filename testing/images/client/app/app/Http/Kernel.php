<?php

namespace App\Http;

use Illuminate\Foundation\Http\Kernel as HttpKernel;

class Kernel extends HttpKernel
{
    protected $middleware = [Middleware\PreventRequestsDuringMaintenance::class];

    protected $middlewareGroups = ['laboratory' => [Middleware\RequireMigratedDatabase::class, Middleware\ObeyCloudSettings::class]];
}
