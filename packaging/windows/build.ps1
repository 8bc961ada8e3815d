# Makes the wheel and the installer in dist\, and SHA256SUMS over them.     NOT VERIFIED: no Windows was at hand.
#
# Needs Python 3.11-3.13 (the py launcher) and Inno Setup 6 (iscc on the PATH or in its usual folder).
# WINDOWS_SIGN_COMMAND  the command line that signs one file, with $f for the file, as Inno Setup knows it, for example
#                       signtool sign /a /fd sha256 /tr <time stamp server> /td sha256 $f
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

# Without declared parameters, so that words like -m reach the program and are not taken for our own.
function Invoke-Checked {
    $program, $words = $args
    & $program @words
    if ($LASTEXITCODE -ne 0) { throw "$program $words ended with $LASTEXITCODE" }
}

$python = "build\venv\Scripts\python.exe"
if (-not (Test-Path $python)) { Invoke-Checked py -3 -m venv build\venv }
Invoke-Checked $python -m pip install --disable-pip-version-check --require-hashes -r packaging\requirements-build.txt
Invoke-Checked $python -m pip install --no-deps --no-build-isolation --no-index -e .

foreach ($folder in "dist", "build\icons", "build\frozen", "build\program") {
    if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
}
New-Item -ItemType Directory dist, build\icons | Out-Null
$env:PYTHONHASHSEED = "1"
$env:QT_QPA_PLATFORM = "offscreen"
$env:PYTHONUTF8 = "1"

Invoke-Checked $python -m hatchling build --target wheel --directory dist
Invoke-Checked $python packaging\icons build\icons
& $python packaging\windows\version-info | Set-Content -Encoding ascii build\version-info.txt
Invoke-Checked $python -m PyInstaller --noconfirm --clean --log-level ERROR --workpath build\frozen `
    --distpath build\program packaging\gptimg-desktop.spec
Invoke-Checked build\program\gptimg-desktop\gptimg-desktop.exe --self-test

$version = (Select-String -Path gptimg_desktop\__init__.py -Pattern '^__version__ = "(.*)"$').Matches[0].Groups[1].Value
$iscc = Get-Command iscc -ErrorAction SilentlyContinue
$iscc = if ($iscc) { $iscc.Source } else { "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe" }
$settings = @("/Qp", "/DVersion=$version")
if ($env:WINDOWS_SIGN_COMMAND) { $settings += "/DSigned", "/Ssign=$env:WINDOWS_SIGN_COMMAND" }
Invoke-Checked $iscc @settings packaging\windows\installer.iss

Get-ChildItem dist -File | ForEach-Object {
    "$((Get-FileHash -Algorithm SHA256 $_.FullName).Hash.ToLower())  $($_.Name)"
} | Set-Content -Encoding ascii build\SHA256SUMS
Move-Item build\SHA256SUMS dist\SHA256SUMS
