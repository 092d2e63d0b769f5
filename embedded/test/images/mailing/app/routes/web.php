<?php

use App\Http\Controllers\HealthController;
use App\Http\Controllers\HomeController;
use App\Http\Controllers\LoginController;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Mail;
use Illuminate\Support\Facades\Route;

Route::get('/healthz', HealthController::class);

// What a person does in the application: it sends a mail at once.
Route::post('/letter', function () {
    Mail::raw('letter', fn ($mail) => $mail->to('patient@lab.example')->subject('Letter'));

    return response(app()->environment().' '.DB::table('patients')->where('full_name', 'like', 'Masked%')->count());
});

Route::middleware('laboratory')->group(function () {
    Route::get('/', HomeController::class);
    Route::post('/login', LoginController::class);
});
