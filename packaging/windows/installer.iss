; Inno Setup's recipe for the Windows installer; build.ps1 calls it.     NOT VERIFIED: no Windows was at hand.
; It installs for one user, or for all where the user asks for it, and leaves the user's library alone when removed.

#ifndef Version
  #error "build.ps1 gives the version"
#endif

[Setup]
AppId={{7D0C6E0B-3C1B-4E0D-9B5F-2A4D5C7E8F10}
AppName=GPTImg
AppVersion={#Version}
AppPublisher=gptimg-desktop contributors
VersionInfoVersion={#Version}
DefaultDirName={autopf}\GPTImg
DefaultGroupName=GPTImg
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\gptimg-desktop.ico
UninstallDisplayIcon={app}\GPTImg.exe
OutputDir=..\..\dist
OutputBaseFilename=GPTImg-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
#ifdef Signed
SignTool=sign
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "..\..\build\program\gptimg-desktop\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; Nothing of an earlier version may stay among the libraries.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\GPTImg"; Filename: "{app}\GPTImg.exe"
Name: "{autodesktop}\GPTImg"; Filename: "{app}\GPTImg.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\GPTImg.exe"; Description: "{cm:LaunchProgram,GPTImg}"; Flags: nowait postinstall skipifsilent
