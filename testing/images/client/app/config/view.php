<?php

// Compiled pages belong to the image, not to the volume: a volume outlives a switch to another version.
return ['paths' => [resource_path('views')], 'compiled' => base_path('bootstrap/cache')];
