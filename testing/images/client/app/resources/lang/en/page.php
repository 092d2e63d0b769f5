<?php

return [
    'not_migrated' => 'The database has not been migrated yet.',
    'database_down' => 'The database does not answer.',
    'maintenance' => 'Technical maintenance. Please come back later.',
    'expired' => 'The period of use has ended. Please contact your manager.',
    'users' => 'Users',
    'patients' => 'Patients',
    'orders' => 'Orders',
    'owner' => 'Owner',
    'version' => 'Version',
    'migrations' => 'Migrations',
    'installation' => 'Installation',
    'usable_until' => 'Usable until',
    'nobody' => 'not set',
    'quick_start' => 'Quick start: add your first employee, then your first patient.',
    'tutorial' => 'Short tutorial: the order list is on the left, results are on the right.',
    'staging' => 'This is a copy for tests.',
];
