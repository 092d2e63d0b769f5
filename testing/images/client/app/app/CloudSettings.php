<?php

namespace App;

use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;

/** What Alfa Cloud has decided about this laboratory: the one row of `cloud_settings`, or the defaults while it is absent. */
class CloudSettings
{
    private function __construct(
        public readonly bool $maintenance,
        public readonly ?string $message,
        public readonly ?Carbon $expiresAt,
        public readonly bool $quickStart,
        public readonly bool $tutorial,
    ) {
    }

    public static function read(): self
    {
        $row = Schema::hasTable('cloud_settings') ? DB::table('cloud_settings')->first() : null;
        $expiresAt = $row->expires_at ?? null;

        return new self(
            (bool) ($row->maintenance ?? false),
            $row->maintenance_message ?? null,
            $expiresAt === null ? null : Carbon::parse($expiresAt),
            (bool) ($row->quick_start ?? false),
            (bool) ($row->tutorial ?? false),
        );
    }

    public function expired(): bool
    {
        return $this->expiresAt !== null && $this->expiresAt->isPast();
    }
}
