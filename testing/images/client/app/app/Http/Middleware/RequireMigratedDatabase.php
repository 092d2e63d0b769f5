<?php

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
use Throwable;

class RequireMigratedDatabase
{
    public function handle(Request $request, Closure $next)
    {
        $reason = $this->obstacle();

        return $reason === null ? $next($request) : response()->view('blocked', ['reason' => $reason], 503);
    }

    private function obstacle(): ?string
    {
        try {
            return Schema::hasTable('migrations') && DB::table('migrations')->count() > 0 && Schema::hasTable('users')
                ? null
                : __('page.not_migrated');
        } catch (Throwable $error) {
            report($error);

            return __('page.database_down');
        }
    }
}
