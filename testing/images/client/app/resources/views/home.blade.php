@extends('layout')

@section('content')
  @if ($settings->quickStart)
    <p class="notice" data-notice="quick-start">{{ __('page.quick_start') }}</p>
  @endif
  @if ($settings->tutorial)
    <p class="notice" data-notice="tutorial">{{ __('page.tutorial') }}</p>
  @endif
  <dl>
    <dt>{{ __('page.owner') }}</dt><dd data-fact="owner">{{ $owner ?? __('page.nobody') }}</dd>
    <dt>{{ __('page.users') }}</dt><dd data-fact="users">{{ $users }}</dd>
    <dt>{{ __('page.patients') }}</dt><dd data-fact="patients">{{ $patients }}</dd>
    <dt>{{ __('page.orders') }}</dt><dd data-fact="orders">{{ $orders }}</dd>
    <dt>{{ __('page.version') }}</dt><dd data-fact="version">{{ config('app.version') }}</dd>
    <dt>{{ __('page.migrations') }}</dt><dd data-fact="migrations">{{ $migrations }}</dd>
    <dt>{{ __('page.installation') }}</dt><dd data-fact="installation">{{ $installation }}</dd>
    @if ($settings->expiresAt)
      <dt>{{ __('page.usable_until') }}</dt><dd data-fact="expires">{{ $settings->expiresAt->toDateString() }}</dd>
    @endif
  </dl>
@endsection
