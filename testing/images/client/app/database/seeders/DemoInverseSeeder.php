<?php

namespace Database\Seeders;

use Illuminate\Database\Seeder;
use Illuminate\Support\Facades\DB;

/** Takes away exactly what DemoSeeder brought. */
class DemoInverseSeeder extends Seeder
{
    public function run(): void
    {
        DB::transaction(function () {
            foreach (['orders', 'patients', 'users'] as $table) {
                DB::table($table)->where('demo', true)->delete();
            }
        });
    }
}
