/**
 * Endings of file names that reports on malware and program text are full of. Those that are top-level domains, too
 * (IANA's root zone of 2025), are listed apart: there only the surroundings can tell.
 */
export const fileExtensions: ReadonlySet<string> = new Set(
  (
    "7z a aac apk asar asc asm asp aspx avi axd bak bash bat bin bmp bz2 c cache cer cert cfg cfm cgi chm class clj cmake cmd cnf conf config " +
    "cpl cpp crt crx cs csproj css csv dat db dbx deb debug dex diff dll dmg dmp doc docb docm docx dotm dylib ear elf eml eps err exe ext fla flv gif go gpg gz " +
    "h hpp hta htm html hwp hxx ico ics idx img inf ini ins ipynb iso jar jpeg jpg js jse json jsp jspx jsx key kt kts less lib list lnk lock log lst lua " +
    "m4a makefile manifest md5 mdb mht mjs mkv mp3 mp4 mpeg mpg msc msg msi msix msp mst o obj ocx odp ods odt ogg old ost otf out p12 pcap pcapng pdb pdf pem pfx php php5 phtml pif " +
    "plist png pot potx ppam pps ppsm ppt pptm pptx proto prx ps1 psd1 psm1 pst pyc pyd pyo pyw rar raw rb reg rpm rtf sass sav scpt scr sct scss service settings shtml sig sln sql sqlite " +
    "squashfs srv svg svn swf swift sys tar tbz temp tgz theme thmx tif tiff tmp toml torrent ts tsv tsx ttf txt url vb vba vbe vbs vhd vhdx vmdk vsd vxd wasm wav webm webp wim wma wmf wmv woff woff2 " +
    "wsc wsf wsh xaml xhtml xla xlam xll xls xlsb xlsm xlsx xlt xltm xml xpi xps xsd xsl xz yaml yar yara yml zst"
  ).split(" "),
);

/** Endings of files that are top-level domains, too: update.zip, run.sh, main.rs. */
export const ambiguousExtensions: ReadonlySet<string> = new Set(
  "cab java map md mov ps pub py rs sh so zip".split(" "),
);
