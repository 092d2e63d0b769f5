<?php

namespace App\Http\Middleware;

use App\CloudSettings;
use Closure;
use Illuminate\Http\Request;

class ObeyCloudSettings
{
    public function handle(Request $request, Closure $next)
    {
        $settings = CloudSettings::read();
        if ($settings->maintenance) {
            return response()->view('blocked', ['reason' => $settings->message ?: __('page.maintenance')], 503);
        }
        if ($settings->expired()) {
            return response()->view('blocked', ['reason' => __('page.expired')], 403);
        }
        $request->attributes->set('cloudSettings', $settings);

        return $next($request);
    }
}
