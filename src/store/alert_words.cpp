#include "store/alert_words.h"

#include <cstring>
#include <utility>
#include <vector>

namespace gander::store {
namespace {

bool is_letter(char c) {
  const auto b = static_cast<unsigned char>(c);
  return b >= 0x80 || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

bool holds_together(char c) {
  return c == '.' || c == ':' || c == '-' || c == '_' || c == '@';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// [begin, end) of a run: letters with single holders between them; `parts` is how many words it has.
struct Run {
  size_t begin = 0;
  size_t end = 0;
  size_t parts = 0;
};

// The next run from `at` on; an empty one at the end.
Run next_run(std::string_view text, size_t at) {
  while (at < text.size() && !is_letter(text[at])) ++at;
  Run run{at, at, 0};
  while (at < text.size() && is_letter(text[at])) {
    ++run.parts;
    while (at < text.size() && is_letter(text[at])) ++at;
    run.end = at;
    // "::" occurs in addresses.
    if (at + 1 < text.size() && holds_together(text[at]) && is_letter(text[at + 1]))
      ++at;
    else if (at + 2 < text.size() && text[at] == ':' && text[at + 1] == ':' && is_letter(text[at + 2]))
      at += 2;
  }
  return run;
}

using Give = int (*)(void*, int, const char*, int, int, int);

int give(Give take, void* context, int flags, std::string_view text, size_t begin, size_t end) {
  char word[kLongestWord];
  size_t size = 0;
  for (size_t i = begin; i < end && size < sizeof word; ++i) word[size++] = lower(text[i]);
  return take(context, flags, word, static_cast<int>(size), static_cast<int>(begin), static_cast<int>(end));
}

int tokenize(Fts5Tokenizer*, void* context, int why, const char* bytes, int count, Give take) {
  const std::string_view text(bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : static_cast<size_t>(count));
  const bool asks = (why & FTS5_TOKENIZE_QUERY) != 0;
  for (Run run = next_run(text, 0); run.end > run.begin; run = next_run(text, run.end)) {
    if (run.parts > 1 && asks) {
      const int status = give(take, context, 0, text, run.begin, run.end);
      if (status != SQLITE_OK) return status;
      continue;
    }
    // All of them stand at one place, so that the word behind the run stands next to it.
    size_t at = run.begin;
    int status = SQLITE_OK;
    for (size_t part = 0; part < run.parts && status == SQLITE_OK; ++part) {
      while (!is_letter(text[at])) ++at;
      size_t end = at;
      while (end < run.end && is_letter(text[end])) ++end;
      status = give(take, context, part == 0 ? 0 : FTS5_TOKEN_COLOCATED, text, at, end);
      at = end;
    }
    if (status == SQLITE_OK && run.parts > 1) {
      status = give(take, context, FTS5_TOKEN_COLOCATED, text, run.begin, run.end);
    }
    if (status != SQLITE_OK) return status;
  }
  return SQLITE_OK;
}

int create(void*, const char**, int, Fts5Tokenizer** out) {
  // It has no state; FTS5 wants a pointer that is not null.
  static char nothing = 0;
  *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}

void destroy(Fts5Tokenizer*) {}

std::string quoted(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"') out.push_back('"');
    out.push_back(c == '\0' ? ' ' : c);
  }
  return out + "\"";
}

bool has_word(std::string_view text) {
  const Run run = next_run(text, 0);
  return run.end > run.begin;
}

struct Term {
  std::string text;
  bool excluded = false;
};

// One term from `at` on, which is moved behind it.
Term next_term(std::string_view typed, size_t& at) {
  Term term;
  if (typed[at] == '-' && at + 1 < typed.size()) {
    term.excluded = true;
    ++at;
  }
  size_t end = 0;
  std::string_view words;
  if (typed[at] == '"') {
    end = std::min(typed.find('"', at + 1), typed.size());
    words = typed.substr(at + 1, end - at - 1);
    end = std::min(end + 1, typed.size());
  } else {
    end = std::min(typed.find_first_of(" \t\"", at), typed.size());
    words = typed.substr(at, end - at);
  }
  const bool prefix = words.ends_with('*') || (end < typed.size() && typed[end] == '*');
  if (end < typed.size() && typed[end] == '*') ++end;
  at = end;
  if (has_word(words)) term.text = quoted(words) + (prefix ? " *" : "");
  return term;
}

}  // namespace

Result<void> add_tokenizer(const Sqlite& db) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db.handle(), "SELECT fts5(?1)", -1, &statement, nullptr) != SQLITE_OK) {
    return tl::unexpected(db.error("search in"));
  }
  sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (api == nullptr) return tl::unexpected(db.error("search in"));
  fts5_tokenizer tokenizer{create, destroy, tokenize};
  if (api->xCreateTokenizer(api, "gander", nullptr, &tokenizer, nullptr) != SQLITE_OK) {
    return tl::unexpected(db.error("search in"));
  }
  return {};
}

Result<std::string> words_query(std::string_view typed) {
  std::string wanted;
  std::string excluded;
  for (size_t at = 0; at < typed.size();) {
    if (typed[at] == ' ' || typed[at] == '\t') {
      ++at;
      continue;
    }
    const Term term = next_term(typed, at);
    if (term.text.empty()) continue;
    std::string& list = term.excluded ? excluded : wanted;
    if (!list.empty()) list += term.excluded ? " OR " : " AND ";
    list += term.text;
  }
  if (wanted.empty()) return fail("A208", "the text '" + std::string(typed) + "' holds no word to look for");
  if (!excluded.empty()) return "(" + wanted + ") NOT (" + excluded + ")";
  return wanted;
}

}  // namespace gander::store
