<?php

use App\Http\Controllers\HealthController;
use App\Http\Controllers\HomeController;
use App\Http\Controllers\LoginController;
use Illuminate\Support\Facades\Route;

Route::get('/healthz', HealthController::class);

Route::middleware('laboratory')->group(function () {
    Route::get('/', HomeController::class);
    Route::post('/login', LoginController::class);
});
