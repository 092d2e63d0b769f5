<?php

namespace App\Http\Controllers;

use App\Models\User;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Hash;

class LoginController
{
    public function __invoke(Request $request): JsonResponse
    {
        $user = User::where('login', (string) $request->input('login'))->first();
        if ($user === null || ! Hash::check((string) $request->input('password'), $user->password)) {
            return response()->json(['status' => 'rejected'], 401);
        }

        return response()->json(['status' => 'ok', 'login' => $user->login, 'role' => $user->role]);
    }
}
