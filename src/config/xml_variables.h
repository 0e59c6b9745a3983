// Variables of the XML dialect: <var name="X">…</var>, used as $X in rule and decoder files.
//
// Threads: a function of its argument.
// Cost:    one pass; what the replacements may add together is bounded at 64 MiB.
// Fails:   XmlError of kind Variable; the document is then half substituted and of no use.
#pragma once

#include <optional>

#include "config/xml.h"

namespace gander::config {

// Replaces the references and takes the <var> elements out of the tree.
std::optional<XmlError> apply_variables(XmlDocument& document);

}  // namespace gander::config
