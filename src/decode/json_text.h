// JSON tokens to texts. Internal to this folder.
//
// Threads: functions of their arguments.
// Fails:   cannot; total over all byte strings.
#pragma once

#include <string>
#include <string_view>

namespace gander::decode {

// Appends what stands between the quotes of `quoted` (which begins with one; what follows the closing one is not
// looked at), escapes decoded. Control characters are left out, however they are written; an escape that JSON does not
// know stays as it is; half of a surrogate pair becomes U+FFFD.
void append_unquoted(std::string& out, std::string_view quoted);

// Whether `text` is a number as JSON writes it.
bool is_json_number(std::string_view text);

}  // namespace gander::decode
