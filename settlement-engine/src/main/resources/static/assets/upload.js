/* Lets a file be dropped on the upload form; without this the file is chosen by the field. */
(() => {
    'use strict';

    const LARGEST = 16 * 1024 * 1024;

    const form = document.getElementById('upload');
    const field = document.getElementById('file');
    const says = document.getElementById('upload-says');
    if (!form || !window.DataTransfer) {
        return;
    }
    const fits = () => {
        const tooLarge = field.files.length === 1 && field.files[0].size > LARGEST;
        if (tooLarge) {
            says.textContent = form.dataset.large;
            field.value = '';
        }
        return !tooLarge;
    };
    let depth = 0;
    const over = by => {
        depth = Math.max(0, depth + by);
        form.classList.toggle('over', depth > 0);
    };
    form.addEventListener('dragenter', event => { event.preventDefault(); over(1); });
    form.addEventListener('dragleave', () => over(-1));
    form.addEventListener('dragover', event => event.preventDefault());
    form.addEventListener('drop', event => {
        event.preventDefault();
        over(-depth);
        if (event.dataTransfer.files.length !== 1) {
            says.textContent = form.dataset.one;
            return;
        }
        field.files = event.dataTransfer.files;
        if (fits()) {
            form.requestSubmit();
        }
    });
    field.addEventListener('change', fits);
    // A file that misses the form must not replace the page.
    window.addEventListener('dragover', event => event.preventDefault());
    window.addEventListener('drop', event => event.preventDefault());
})();
