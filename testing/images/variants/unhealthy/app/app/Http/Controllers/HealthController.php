<?php

namespace App\Http\Controllers;

use Illuminate\Http\JsonResponse;

/** Starts like any other release and never becomes healthy. */
class HealthController
{
    public function __invoke(): JsonResponse
    {
        error_log('health: the licence module failed its self-test');

        return response()->json(['status' => 'failed', 'version' => config('app.version'), 'reason' => 'self-test'], 500);
    }
}
