<?php

namespace App\Http\Controllers;

use App\Models\User;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\DB;

class HomeController
{
    public function __invoke(Request $request): Response
    {
        return response()->view('home', [
            'settings' => $request->attributes->get('cloudSettings'),
            'users' => User::count(),
            'patients' => DB::table('patients')->count(),
            'orders' => DB::table('orders')->count(),
            'owner' => User::where('role', 'owner')->value('login'),
            'migrations' => DB::table('migrations')->count(),
            'installation' => trim((string) @file_get_contents(storage_path('app/installation-id'))),
        ]);
    }
}
