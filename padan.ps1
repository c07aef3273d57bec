# .\padan.ps1 run     starts Padan on http://127.0.0.1:8501
# .\padan.ps1 public  serves what is published on http://127.0.0.1:8600
# .\padan.ps1 test    passes every test, those in a browser (Chrome or Edge) included
param([ValidateSet('run', 'public', 'test')][string]$Command = 'run')

Set-Location $PSScriptRoot
$env:PYTHONUTF8 = '1'
$python = '.venv\Scripts\python.exe'

function Invoke-OrStop {
    $program, $rest = $args
    & $program @rest
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Install-Pinned([string]$file) {
    $stamp = ".venv\$file"
    if ((Test-Path $stamp) -and ((Get-FileHash $stamp).Hash -eq (Get-FileHash $file).Hash)) { return }
    Write-Host 'Memasang paket, sekitar satu menit / Installing packages, about a minute'
    Invoke-OrStop $python -m pip install --quiet --disable-pip-version-check -r $file
    Copy-Item $file $stamp
}

if (-not (Test-Path $python)) {
    $found = 'py', 'python' | Where-Object { Get-Command $_ -ErrorAction SilentlyContinue } | Select-Object -First 1
    if ($found) { & $found -c 'import sys; sys.exit(sys.version_info < (3, 11))' }
    if (-not $found -or $LASTEXITCODE -ne 0) {
        Write-Host 'Padan needs Python 3.11 or newer: install it from the Microsoft Store or with winget install Python.Python.3.12'
        exit 1
    }
    Invoke-OrStop $found -m venv .venv
}

Install-Pinned 'requirements.txt'
if ($Command -eq 'test') {
    Install-Pinned 'requirements-test.txt'
    Invoke-OrStop $python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
}
elseif ($Command -eq 'public') {
    Invoke-OrStop $python -m components.public
}
else {
    Invoke-OrStop $python -m data sample --if-empty
    Invoke-OrStop $python -m data users first
    Write-Host "`n  Padan: http://127.0.0.1:8501   (Ctrl+C: berhenti / stop)`n"
    Invoke-OrStop $python -m streamlit run app.py
}
