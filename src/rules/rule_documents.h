// Rules from files that have been parsed already: what load_rules() does once it has read them.
//
// Threads: one call, one thread.
// Fails:   as load_rules().
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "config/xml.h"
#include "rules/rule_loader.h"

namespace gander::rules {

using RuleDocument = tl::expected<config::XmlDocument, config::XmlError>;

std::vector<RuleDocument> read_rule_documents(const std::vector<RuleFile>& files);

// documents[i] is the content of files[i].
RuleTree load_rule_documents(const std::vector<RuleFile>& files, const std::vector<RuleDocument>& documents,
                             const RuleLoaderOptions& options, Diagnostics& diagnostics);

}  // namespace gander::rules
