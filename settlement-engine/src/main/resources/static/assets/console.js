/* Keeps the page as the engine is: a stream tells which parts have changed, and those are fetched and replaced. */
(() => {
    'use strict';

    const CONNECT_AGAIN = 3000; // ms, after the stream was refused
    const SILENT = 8000; // ms without a tick before the page says that it is not live
    const AGES = 20000; // ms after which ages are written anew
    const READ = 10000; // ms in which people have read what they were answered

    const live = document.getElementById('live');
    const clock = document.getElementById('clock');
    const pause = document.getElementById('pause');
    if (!live || !window.htmx || !window.EventSource) {
        return;
    }
    const language = document.documentElement.lang;
    const clockFormat = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
        timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit',
    });
    let stream = null;
    let paused = false;
    let fetching = false;
    let pointerDown = false;
    let heard = 0;
    const fetchedAt = new Map();

    const say = state => {
        if (live.dataset.state !== state) {
            live.dataset.state = state;
            document.getElementById('live-text').textContent = live.dataset[state];
        }
    };

    /** What is shown now, by key: afterwards it tells what has moved. */
    const shown = () => new Map([...document.querySelectorAll('[data-k]')].map(one => [one.dataset.k, one.textContent]));

    const mark = before => {
        document.querySelectorAll('[data-k]').forEach(one => {
            const was = before.get(one.dataset.k);
            if (was === one.textContent) {
                return;
            }
            one.classList.add(was === undefined ? 'arrived' : 'moved');
            if (one.dataset.node) {
                document.querySelectorAll(`[data-edge="${one.dataset.node}"]`).forEach(edge => edge.classList.add('moved'));
            }
        });
    };

    const fetchParts = names => {
        fetching = true;
        const before = shown();
        htmx.ajax('GET', '/console/parts?of=' + names.join(','), {source: document.body, target: document.body, swap: 'none'})
            .then(() => {
                names.forEach(name => fetchedAt.set(name, Date.now()));
                mark(before);
            })
            .catch(() => {})
            .finally(() => { fetching = false; });
    };

    const changed = parts => [...document.querySelectorAll('[data-part]')]
        .filter(one => one.dataset.version !== parts[one.dataset.part]
            || ('ages' in one.dataset && Date.now() - (fetchedAt.get(one.dataset.part) ?? loadedAt) > AGES))
        .filter(one => !(pointerDown && one.matches(':hover'))) // nothing moves away under a click
        .map(one => one.dataset.part);
    const loadedAt = Date.now();

    const tick = message => {
        heard = Date.now();
        say('live');
        const {now, parts} = JSON.parse(message.data);
        clock.dateTime = now;
        clock.textContent = clockFormat.format(new Date(now));
        const names = fetching ? [] : changed(parts);
        if (names.length > 0) {
            fetchParts(names);
        }
    };

    const connect = () => {
        if (paused || document.hidden || stream) {
            return;
        }
        stream = new EventSource('/console/stream');
        heard = Date.now();
        stream.addEventListener('tick', tick);
        stream.addEventListener('error', () => {
            say('lost');
            if (stream && stream.readyState === EventSource.CLOSED) {
                disconnect();
                setTimeout(connect, CONNECT_AGAIN);
            }
        });
    };

    const disconnect = () => {
        stream?.close();
        stream = null;
    };

    // A hidden page needs no stream, and browsers allow few streams to one place.
    document.addEventListener('visibilitychange', () => document.hidden ? disconnect() : connect());
    window.addEventListener('pagehide', disconnect);
    window.addEventListener('pageshow', connect);
    document.addEventListener('pointerdown', () => { pointerDown = true; });
    ['pointerup', 'pointercancel'].forEach(end => document.addEventListener(end, () => { pointerDown = false; }));
    setInterval(() => {
        if (stream && Date.now() - heard > SILENT) {
            say('lost');
        }
    }, 1000);

    pause.hidden = false;
    pause.addEventListener('click', () => {
        paused = !paused;
        pause.setAttribute('aria-pressed', String(paused));
        if (paused) {
            disconnect();
            say('paused');
        } else {
            connect();
        }
    });

    // Who works with the keyboard stays where they are when a part is replaced under them.
    let focused = '';
    let refreshing = false;
    let said = null; // an answer that stands on the part that is being replaced, and would go with it before it is read

    let open = [];
    let typed = [];
    let composing = false;
    document.addEventListener('compositionstart', () => { composing = true; });
    document.addEventListener('compositionend', () => { composing = false; });

    const isTyped = field => field.type !== 'hidden' && field.value !== field.defaultValue;
    document.addEventListener('htmx:oobBeforeSwap', event => {
        // An answer finds its places by the form that asked: a part whose form still waits for one is replaced later. So is one into
        // which somebody writes a word of several keys.
        const part = event.detail.target;
        if (refreshing && (part.querySelector('.htmx-request') || (composing && part.contains(document.activeElement)))) {
            event.detail.shouldSwap = false;
            return;
        }
        const answer = refreshing ? part.querySelector('.said') : null;
        if (answer) {
            answer.dataset.since ??= Date.now();
        }
        open = [...part.querySelectorAll('details[open][id]')].map(one => one.id);
        typed = refreshing ? [...part.querySelectorAll('input[id]')].filter(isTyped).map(field => [field.id, field.value]) : [];
        said = answer && Date.now() - answer.dataset.since < READ ? {answer, part: part.id} : null;
        const active = document.activeElement;
        focused = active && event.detail.target.contains(active) ? active.id : '';
    });
    document.addEventListener('htmx:oobAfterSwap', () => {
        if (said) {
            said.answer.removeAttribute('role'); // it was read out already
            document.querySelector(`#${said.part}:not(:has(.said)) .card-head`)?.after(said.answer);
            said = null;
        }
        open.forEach(id => document.getElementById(id)?.setAttribute('open', ''));
        typed.forEach(([id, value]) => {
            const field = document.getElementById(id);
            if (field) {
                field.value = value;
            }
        });
        typed = [];
        if (focused) {
            document.getElementById(focused)?.focus({preventScroll: true});
            focused = '';
        }
    });

    // A session that has ended answers with the login page.
    document.addEventListener('htmx:beforeSwap', event => {
        const answered = new URL(event.detail.xhr.responseURL || location.href).pathname;
        refreshing = answered === '/console/parts';
        if (answered === '/login') {
            event.detail.shouldSwap = false;
            location.assign('/login');
        }
    });

    connect();
})();
