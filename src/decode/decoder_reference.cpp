#include "decode/decoder_reference.h"

namespace gander::decode {
namespace {

constexpr ElementHelp kElements[] = {
    {"parent", "", "Name of the decoder that this one refines; it must stand earlier."},
    {"program_name", "", "os_match pattern for the program name of the header."},
    {"program_name_pcre2", "", "The same as PCRE2."},
    {"prematch", "offset",
     "os_regex pattern that the log must match; offset after_parent: from the parent's match on."},
    {"prematch_pcre2", "offset", "The same as PCRE2."},
    {"regex", "offset",
     "os_regex pattern whose groups fill the fields of <order>; offset after_parent, "
     "after_prematch or after_regex."},
    {"pcre2", "offset", "The same as PCRE2."},
    {"order", "", "Field names for the groups, separated by commas; unknown names become fields of that name."},
    {"type", "", "syslog (default), firewall, ids, web-log, squid, windows, host-information or ossec."},
    {"use_own_name", "", "true: a child is known by its own name, not by its parent's."},
    {"fts", "", "Items that make up the key of first-time-seen rules, separated by commas."},
    {"ftscomment", "", "A remark on <fts>."},
    {"accumulate", "", "Fields are kept and filled in for later events with the same id."},
    {"plugin_decoder", "", "PF_Decoder, SymantecWS_Decoder, SonicWall_Decoder or OSSECAlert_Decoder."},
};

constexpr config::CodeMeaning kCodes[] = {
    {"D001", "An element of a decoder file is not a <decoder>."},
    {"D002", "A <decoder> has no name, or another attribute."},
    {"D003", "A decoder file holds no decoder, or a <decoder> is empty."},
    {"D004", "A decoder does not know this element."},
    {"D005", "The type of a decoder is none of the known words."},
    {"D006", "A plug-in decoder of this name does not exist."},
    {"D007", "Repeated elements of a decoder are together too long; they count as absent."},
    {"D008", "An element does not know this attribute."},
    {"D009", "The value of an offset is none of the known words."},
    {"D010", "A repeated element has an offset of its own."},
    {"D011", "An <order> names more fields than analysisd.decoder_order_size."},
    {"D012", "An <order> holds an empty name."},
    {"D013", "An item of <fts> is not known."},
    {"D014", "A decoder has nothing to be chosen by: no parent, program name or prematch."},
    {"D015", "A decoder has <order> or <fts> without a pattern, or a pattern without <order>."},
    {"D016", "An offset refers to a parent or prematch that the decoder does not have."},
    {"D017", "The offset of a prematch is not after_parent."},
    {"D018", "A pattern of a decoder does not compile."},
    {"D019", "A <regex> is a plain anchored text, which has no groups."},
    {"D020", "A plug-in decoder has a pattern or <order>."},
    {"D021", "No earlier decoder has the name of this parent."},
    {"D022", "A second decoder of the same name and parent has a prematch."},
    {"D023", "A second decoder of the same name and parent has <fts>."},
    {"D024", "Decoders of the same name and parent do not all have a pattern of the same kind."},
    {"D025", "An offset after_regex without an earlier decoder of the same name and parent."},
    {"D026", "A pattern has more groups than analysisd.decoder_order_size."},
    {"D101", "No decoder is without a program name; OSSEC 4.3 then gives no decoder an identity."},
    {"D102", "No decoder has a program name; OSSEC 4.3 reports it."},
};

}  // namespace

std::span<const ElementHelp> decoder_elements() {
  return kElements;
}

std::span<const config::CodeMeaning> decode_codes() {
  return kCodes;
}

}  // namespace gander::decode
