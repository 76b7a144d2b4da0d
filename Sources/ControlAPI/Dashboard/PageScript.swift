/// What a page does by itself where scripts are allowed: it listens to its own address for server-sent events, each of which
/// is a section that has changed, and swaps it in. Without scripts a page is read anew every ten seconds.
enum PageScript {
    static let text = """
        (() => {
          const status = document.getElementById('status'), button = document.getElementById('pause');
          let source = null, isPaused = false, wait = 5000, timer = 0;
          const say = text => { if (status.textContent !== text) status.textContent = text; };
          const swap = (section, html) => {
            const active = section.contains(document.activeElement) ? document.activeElement : null;
            const place = active && (active.id || active.getAttribute('href'));
            const open = [...section.querySelectorAll('details')].map(e => e.open);
            section.innerHTML = html;
            section.querySelectorAll('details').forEach((e, i) => { e.open = open[i] ?? e.open; });
            if (place) [...section.querySelectorAll('[id], a[href]')]
              .find(e => e.id === place || e.getAttribute('href') === place)?.focus({preventScroll: true});
          };
          const stop = () => { clearTimeout(timer); if (source) source.close(); source = null; };
          const start = () => {
            stop();
            if (isPaused || document.hidden) return;
            source = new EventSource(location.href);
            source.onopen = () => { wait = 5000; say('Live'); };
            source.onmessage = event => {
              const end = event.data.indexOf('\\n');
              const section = document.getElementById(event.data.slice(0, end));
              if (section) swap(section, event.data.slice(end + 1)); else location.reload();
            };
            source.addEventListener('over', () => { stop(); isPaused = true; button.hidden = true; say('Nothing more changes'); });
            source.onerror = () => {
              say('No connection; trying again');
              if (source && source.readyState === 2) { timer = setTimeout(start, wait); wait = Math.min(2 * wait, 60000); }
            };
          };
          button.hidden = false;
          button.onclick = () => {
            isPaused = !isPaused;
            button.textContent = isPaused ? 'Resume updates' : 'Pause updates';
            if (isPaused) { stop(); say('Paused'); } else start();
          };
          // A page that nobody sees needs no connection, of which a browser has few to one server.
          document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); else start(); });
          addEventListener('pagehide', stop);
          start();
        })();
        """
}
