import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';
import App from './app/App.vue';
import { retryOf } from './api/retry.ts';
import { router } from './app/router.ts';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 1000, refetchOnWindowFocus: true, networkMode: 'always', ...retryOf },
  },
});

createApp(App).use(router).use(VueQueryPlugin, { queryClient }).mount('#app');
