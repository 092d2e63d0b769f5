<?php

namespace App\Http\Controllers;

use Illuminate\Http\JsonResponse;
use Illuminate\Support\Facades\DB;
use Throwable;

class HealthController
{
    public function __invoke(): JsonResponse
    {
        $version = config('app.version');
        try {
            // Resolving the encrypter proves APP_KEY; the query proves the database.
            app('encrypter');
            DB::select('select 1');
        } catch (Throwable $error) {
            report($error);

            return response()->json(['status' => 'unavailable', 'version' => $version, 'reason' => class_basename($error)], 503);
        }

        return response()->json(['status' => 'ok', 'version' => $version]);
    }
}
