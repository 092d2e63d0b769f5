<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Support\Facades\DB;

/** Does half of its work before it fails: MariaDB commits every change of structure at once, so only a dump undoes it. */
return new class extends Migration
{
    public function up(): void
    {
        DB::statement('alter table patients add column half_done int null');
        DB::statement('alter table results_that_never_were add index results_analysis (analysis)');
    }
};
