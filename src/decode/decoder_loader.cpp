// DecoderSet::load: files to decoders, decoders into the two lists.
#include <set>
#include <utility>

#include "decode/decoder_checks.h"
#include "decode/decoder_tree.h"

namespace gander::decode {
namespace {

using config::XmlError;

class Loader {
 public:
  Loader(const DecoderOptions& options, DecoderSet::Impl& set, Diagnostics& diagnostics)
      : options_(options), set_(set), diagnostics_(diagnostics) {}

  void load(const DecoderFile& file);
  void finish();

 private:
  bool report(const XmlError& error, const DecoderFile& file, const std::string& closing_line);
  void insert(const LoadContext& context, const Draft& draft, std::unique_ptr<Decoder> decoder);
  std::vector<Decoder*> parents_named(const std::string& name) const;
  bool join_siblings(const LoadContext& context, const Draft& draft, Decoder& decoder, const Decoder& parent);
  void refuse_sibling(const LoadContext& context, const Draft& draft, ErrorCode code, const std::string& message,
                      const std::string& ossec_line) const;
  void name_children(const TopList& list);
  void number_names();
  void warn_of_empty_list(ErrorCode code, const std::string& message);

  const DecoderOptions& options_;
  DecoderSet::Impl& set_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> refused_;  // names of decoders with errors: their children are not orphans
  bool incomplete_ = false;                     // a file could not be read: a parent may have stood in it
};

void Loader::load(const DecoderFile& file) {
  if (!file.standard) diagnostics_.note(options_.program + ": INFO: Reading decoder file " + file.name + ".");
  const std::string shown = (file.standard && !file.name.starts_with('/') ? "/" : "") + file.name;
  const std::string closing = options_.program + "(1202): ERROR: Configuration error at '" + shown + "'. Exiting.";
  const auto document = config::load_xml(file.path, file.name, config::Variables::Apply);
  const auto local_read = [&] {
    if (file.standard && file.optional) diagnostics_.note(options_.program + ": INFO: Reading local decoder file.");
  };
  if (!document) {
    if (report(document.error(), file, closing)) local_read();
    return;
  }
  const LoadContext context{*document, closing, options_, diagnostics_};
  if (document->roots.empty() && !file.optional) {
    context.refuse("D003", "the file holds no decoder", {{file.path, 0, 0}, 1}, {},
                   {ossec_error(1231, "Invalid NULL element in the configuration.")});
    incomplete_ = true;
  }
  const size_t errors = diagnostics_.error_count();
  for (const config::XmlElement& element : document->roots) {
    auto draft = read_draft(context, element);
    std::unique_ptr<Decoder> decoder;
    if (draft) decoder = make_decoder(context, *draft);
    if (decoder) {
      insert(context, *draft, std::move(decoder));
    } else if (!element.attributes.empty()) {
      refused_.insert(element.attributes.front().value);
    }
  }
  if (diagnostics_.error_count() == errors) local_read();
}

// True when the file may be missing and is.
bool Loader::report(const XmlError& error, const DecoderFile& file, const std::string& closing_line) {
  if (error.kind == XmlError::Kind::Missing && file.optional) return true;
  incomplete_ = true;
  std::string line;
  ErrorCode code = "X002";
  if (error.kind == XmlError::Kind::Variable) {
    code = "X003";
    line = ossec_error(1227, "Error applying XML variables '" + file.name + "': " + error.text + ".");
  } else {
    if (error.kind == XmlError::Kind::Missing) code = "X001";
    line = ossec_error(1226, "Error reading XML file '" + file.name + "': " + error.text + " (line " +
                                 std::to_string(error.line) + ").");
  }
  std::string message = error.text;
  if (message.starts_with("XMLERR: ")) message.erase(0, 8);
  diagnostics_.error(code, std::move(message), error.at, error.hint, {std::move(line), closing_line});
  return false;
}

std::vector<Decoder*> Loader::parents_named(const std::string& name) const {
  std::vector<Decoder*> out;
  for (const TopList* list : {&set_.with_program, &set_.without_program}) {
    for (Decoder* top : list->all()) {
      if (top->own_name == name) out.push_back(top);
    }
  }
  return out;
}

void Loader::insert(const LoadContext& context, const Draft& draft, std::unique_ptr<Decoder> decoder) {
  Decoder& d = *decoder;
  if (!draft.parent) {
    (d.program_name ? set_.with_program : set_.without_program).add(&d);
    set_.decoders.push_back(std::move(decoder));
    return;
  }
  const std::string& name = draft.parent->text;
  const std::vector<Decoder*> parents = parents_named(name);
  if (parents.empty()) {
    refused_.insert(d.own_name);
    if (incomplete_ || refused_.contains(name)) return;
    std::vector<std::string> known;
    for (const auto& other : set_.decoders) {
      if (other->info.parent.empty()) known.push_back(other->own_name);
    }
    context.refuse("D021", "decoder '" + d.own_name + "' has the parent '" + name + "', which no decoder before it is",
                   context.content_of(*draft.parent->element), nearest_hint(name, known),
                   {ossec_error(2101, "Parent decoder name invalid: '" + name + "'."),
                    ossec_error(2106, "Error adding decoder plugin.")});
    return;
  }
  for (Decoder* parent : parents) {
    if (!join_siblings(context, draft, d, *parent)) {
      refused_.insert(d.own_name);
      return;
    }
  }
  for (Decoder* parent : parents) parent->children.push_back(&d);
  set_.decoders.push_back(std::move(decoder));
}

void Loader::refuse_sibling(const LoadContext& context, const Draft& draft, ErrorCode code, const std::string& message,
                            const std::string& ossec_line) const {
  context.refuse(code, message, context.name_of(*draft.element),
                 "decoders of one name and parent are tried as a family",
                 {ossec_line, ossec_error(2105, "Error loading decoder options."),
                  ossec_error(2106, "Error adding decoder plugin.")});
}

bool Loader::join_siblings(const LoadContext& context, const Draft& draft, Decoder& d, const Decoder& parent) {
  bool first = true;
  const std::string who = "a second decoder '" + d.own_name + "' below '" + parent.own_name + "' ";
  for (Decoder* sibling : parent.children) {
    if (sibling->own_name != d.own_name) continue;
    first = false;
    if (d.prematch) {
      refuse_sibling(context, draft, "D022", who + "has a prematch",
                     ossec_error(2102, "Duplicated decoder with prematch: '" + d.own_name + "'."));
      return false;
    }
    if (d.info.fts != 0) {
      refuse_sibling(context, draft, "D023", who + "has <fts>",
                     ossec_error(2103, "Duplicated decoder with fts set: '" + d.own_name + "'."));
      return false;
    }
    const auto is_pcre2 = [](const Decoder& x) { return x.regex->pattern().dialect() == text::Dialect::Pcre2; };
    if (!d.regex || !sibling->regex || is_pcre2(d) != is_pcre2(*sibling)) {
      refuse_sibling(context, draft, "D024", who + "has no pattern of the same kind",
                     ossec_error(2104, "Invalid duplicated decoder: '" + d.own_name + "'."));
      return false;
    }
    sibling->has_next = true;
  }
  if (!first || d.regex_offset != Offset::AfterRegex) return true;
  refuse_sibling(context, draft, "D025",
                 "offset after_regex, but no decoder '" + d.own_name + "' stands before it below the same parent",
                 ossec_2120(d.own_name));
  return false;
}

// Identities are places in the sorted list of all names.
void Loader::number_names() {
  for (const char* name :
       {"rootcheck", "syscheck_integrity_changed", "syscheck_integrity_changed_2nd", "syscheck_integrity_changed_3rd",
        "syscheck_new_entry", "syscheck_deleted", "hostinfo_new", "hostinfo_modified"}) {
    set_.identities.emplace(name, 0);
  }
  for (const auto& decoder : set_.decoders) set_.identities.emplace(decoder->own_name, 0);
  if (options_.compat == model::Compat::Mended) set_.identities.emplace("json", 0);
  int number = 0;
  for (auto& [name, identity] : set_.identities) identity = ++number;
}

void Loader::name_children(const TopList& list) {
  for (Decoder* top : list.all()) {
    top->info.identity = set_.identities[top->own_name];
    for (Decoder* child : top->children) {
      if (!child->use_own_name) child->info.name = top->own_name;
      child->info.identity = set_.identities[child->info.name];
    }
  }
}

void Loader::warn_of_empty_list(ErrorCode code, const std::string& message) {
  if (options_.compat != model::Compat::Ossec43 || diagnostics_.has_errors()) return;
  diagnostics_.warning(code, message, {}, {}, {ossec_error(2106, "Error adding decoder plugin.")});
}

void Loader::finish() {
  number_names();
  const bool stops = set_.without_program.empty() && options_.compat == model::Compat::Ossec43;
  if (set_.without_program.empty()) {
    warn_of_empty_list("D101", "every decoder has a program name: OSSEC 4.3 then gives none of them an identity");
  } else if (set_.with_program.empty()) {
    warn_of_empty_list("D102", "no decoder has a program name");
  }
  if (!stops) {
    name_children(set_.without_program);
    name_children(set_.with_program);
  }
  set_.with_program.index([](const Decoder& d) { return d.program_name ? &*d.program_name : nullptr; });
  set_.without_program.index([](const Decoder& d) { return d.prematch ? &*d.prematch : nullptr; });
}

}  // namespace

DecoderSet DecoderSet::load(const std::vector<DecoderFile>& files, const DecoderOptions& options,
                            Diagnostics& diagnostics) {
  DecoderSet set;
  set.impl_->compat = options.compat;
  Loader loader(options, *set.impl_, diagnostics);
  for (const DecoderFile& file : files) loader.load(file);
  loader.finish();
  set.impl_->json.name = "json";
  if (options.compat == model::Compat::Mended) set.impl_->json.identity = set.impl_->identities["json"];
  return set;
}

}  // namespace gander::decode
