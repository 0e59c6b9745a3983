// <rootcheck>: rootkit and policy checks.
#include "config/option_table.h"
#include "config/section_table.h"

namespace gander::config {
namespace {

void keep_check(Rootcheck& r, const Value& value, SectionReader&) {
  constexpr size_t kPrefix = 6;  // "check_"
  r.checks.insert_or_assign(value.element.name.substr(kPrefix), value.yes);
}

constexpr Option<Rootcheck> kRootcheckOptions[] = {
    {{"disabled", Kind::YesNo, "", "no", "Do not run these checks."}, keep<&Rootcheck::disabled>},
    {{"frequency", Kind::Seconds, "", "72000", "Seconds between two runs."}, keep<&Rootcheck::frequency>},
    {{"rootkit_files", Kind::Path, "", "", "File of known rootkit files."}, keep<&Rootcheck::rootkit_files>},
    {{"rootkit_trojans", Kind::Path, "", "", "File of signatures in replaced programs."},
     keep<&Rootcheck::rootkit_trojans>},
    {{"system_audit", Kind::Path, "", "", "Policy file.", Repeats::Appends}, keep<&Rootcheck::system_audit>},
    {{"windows_audit", Kind::Path, "", "", "Policy file (Windows)."}, keep<&Rootcheck::windows_audit>},
    {{"windows_malware", Kind::Path, "", "", "Malware file (Windows)."}, keep<&Rootcheck::windows_malware>},
    {{"windows_apps", Kind::Path, "", "", "Application file (Windows)."}, keep<&Rootcheck::windows_apps>},
    {{"base_directory", Kind::Path, "", "/", "Where the checked tree begins."}, keep<&Rootcheck::base_directory>},
    {{"ignore", Kind::Path, "", "", "Directory that is not walked.", Repeats::Appends}, keep<&Rootcheck::ignore>},
    {{"scanall", Kind::YesNo, "", "no", "Walk the whole file system."}, keep<&Rootcheck::scanall>},
    {{"readall", Kind::YesNo, "", "no", "Read every file."}, keep<&Rootcheck::readall>},
    {{"skip_nfs", Kind::YesNo, "", "no", "Leave network file systems out."}, keep<&Rootcheck::skip_nfs>},
    {{"check_dev", Kind::YesNo, "", "yes", "Files in /dev."}, keep_check},
    {{"check_files", Kind::YesNo, "", "yes", "Known rootkit files."}, keep_check},
    {{"check_if", Kind::YesNo, "", "yes", "Network interfaces that listen to everything."}, keep_check},
    {{"check_pids", Kind::YesNo, "", "yes", "Hidden processes."}, keep_check},
    {{"check_ports", Kind::YesNo, "", "yes", "Hidden ports."}, keep_check},
    {{"check_sys", Kind::YesNo, "", "yes", "Odd files and permissions."}, keep_check},
    {{"check_trojans", Kind::YesNo, "", "yes", "Signatures in programs."}, keep_check},
    {{"check_unixaudit", Kind::YesNo, "", "yes", "Policy files."}, keep_check},
    {{"check_winapps", Kind::YesNo, "", "yes", "Windows only."}, keep_check},
    {{"check_winaudit", Kind::YesNo, "", "yes", "Windows only."}, keep_check},
    {{"check_winmalware", Kind::YesNo, "", "yes", "Windows only."}, keep_check},
};

void read_rootcheck(const XmlElement& section, Config& config, SectionReader& reader) {
  config.rootcheck.asked_for = true;
  read_options(kRootcheckOptions, section, config.rootcheck, reader);
}

std::vector<OptionInfo> rootcheck_infos() {
  return infos<Rootcheck>(kRootcheckOptions);
}

}  // namespace

Section rootcheck_section() {
  return {"rootcheck", Pass::NotAnalysis, "Rootkit and policy checks.", read_rootcheck, rootcheck_infos, {}};
}

}  // namespace gander::config
