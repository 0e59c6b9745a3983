#include "config/codes.h"

namespace gander::config {
namespace {

constexpr CodeMeaning kCodes[] = {
    {"X001", "A configuration, rule or decoder file cannot be opened."},
    {"X002",
     "A file is not in the XML dialect (an element, attribute or comment is not closed, or a limit is passed)."},
    {"X003", "A <var> or a $reference in a rule or decoder file is wrong."},
    {"C001", "The root element is not the one that the file must have."},
    {"C002", "A section of this name does not exist."},
    {"C003", "A section holds no element."},
    {"C004", "A section does not know this element."},
    {"C005", "The value is none of the allowed words."},
    {"C006", "The value is no number, or out of its range."},
    {"C007", "The value is no address or network."},
    {"C008", "The value is no mail address."},
    {"C009", "The value is no time of day."},
    {"C010", "The value names no days."},
    {"C011", "A pattern does not compile."},
    {"C012", "A section lacks elements that it must have."},
    {"C013", "An active response uses a command that no earlier <command> defines."},
    {"C014", "The location of an active response names no known place."},
    {"C015", "An active response for a defined agent names no agent."},
    {"C016", "An active response has a timeout, but its command allows none."},
    {"C017", "A <directories> element asks for no check."},
    {"C018", "An element does not know this attribute."},
    {"C019", "The value of an attribute is none of the allowed words."},
    {"C020", "Mail with authentication lacks a user or a password."},
    {"C021", "More listeners than the manager can have."},
    {"C022", "Settings of a syslog destination contradict each other."},
    {"C023", "An agentless entry is periodic but has no period."},
    {"C024", "agent.conf holds a command, and remote commands are refused."},
    {"C025", "A value stands in typographic quotes."},
    {"C026", "A webhook's address or header cannot be used."},
    {"C028", "The value of an internal option is no number, or out of its range."},
    {"C101", "A later <rules> block replaces (OSSEC 4.3) or extends (Gander) an earlier one."},
    {"C102", "A path does not exist below the home; another place is used."},
    {"C103", "An attribute has no effect here."},
    {"C104", "A number was expected, the element is empty and counts as 0."},
    {"C105", "A level above 255 does not fit OSSEC's field."},
    {"C106", "A secure listener always uses UDP in OSSEC."},
    {"C107", "A file or directory is listed twice."},
    {"C108", "A collector entry has an option that is missing or without effect."},
    {"C109", "An active response has no condition and never fires."},
    {"C110", "A disabled active response switches off the ones before it."},
    {"C111", "A report is never sent."},
    {"C112", "A word in a list of rule ids is no number."},
    {"C113", "An internal option of this name does not exist, or the line is none."},
    {"C114", "A program named in the configuration does not exist."},
    {"C115", "A filter or relation of a report is ignored."},
    {"C116", "An element is known only to OSSEC builds with a certain library."},
};

}  // namespace

std::span<const CodeMeaning> config_codes() {
  return kCodes;
}

}  // namespace gander::config
