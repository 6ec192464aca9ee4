/** The kit: every shared component in every state. `kit.html?theme=night&lang=ar&part=shell`; not part of the app. */
import '../styles/index.css';
import { mount } from 'svelte';
import { look } from '$lib/app/theme.svelte';
import Kit from './Kit.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no place for the kit.');
const query = new URLSearchParams(location.search);
await look.start({ theme: query.get('theme') ?? 'day', language: query.get('lang') ?? 'en' });
mount(Kit, { target, props: { part: query.get('part') ?? 'all' } });
