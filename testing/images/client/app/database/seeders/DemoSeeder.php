<?php

namespace Database\Seeders;

use App\Models\User;
use Illuminate\Database\Seeder;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Hash;
use Illuminate\Support\Str;

/** Fills an empty laboratory with something to look at; running it twice leaves the same rows as running it once. */
class DemoSeeder extends Seeder
{
    private const ASSISTANTS = ['Anna Petrova', 'Ivan Sidorov', 'Olga Smirnova'];

    private const PATIENTS = ['Pavel Orlov' => '1970-02-11', 'Maria Belova' => '1988-07-30', 'Egor Zaitsev' => '2001-11-05',
        'Nina Volkova' => '1955-01-19', 'Lev Morozov' => '2012-09-23'];

    private const ANALYSES = ['Glucose' => 5.1, 'Haemoglobin' => 141.0];

    public function run(): void
    {
        DB::transaction(function () {
            (new DemoInverseSeeder)->run();
            // Nobody can log in as an example: the password is random and kept nowhere.
            $password = Hash::make(Str::random(40));
            foreach (self::ASSISTANTS as $number => $name) {
                User::create(['name' => $name, 'login' => 'demo'.($number + 1), 'password' => $password, 'role' => 'assistant', 'demo' => true]);
            }
            $now = now();
            $stamps = ['demo' => true, 'created_at' => $now, 'updated_at' => $now];
            foreach (self::PATIENTS as $name => $bornOn) {
                $patient = DB::table('patients')->insertGetId(['full_name' => $name, 'born_on' => $bornOn] + $stamps);
                foreach (self::ANALYSES as $analysis => $result) {
                    DB::table('orders')->insert(['patient_id' => $patient, 'analysis' => $analysis, 'result' => $result] + $stamps);
                }
            }
        });
    }
}
