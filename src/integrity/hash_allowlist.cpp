#include "integrity/hash_allowlist.h"

#include "integrity/sqlite.h"

namespace gander::integrity {

struct HashAllowlist::Impl {
  Database db;
  Statement find;
};

HashAllowlist::HashAllowlist(const std::string& file) {
  if (file.empty()) return;
  Result<Database> db = Database::open(file, SQLITE_OPEN_READONLY);
  if (!db) {
    note_ = db.error().message;
    return;
  }
  auto impl = std::make_unique<Impl>();
  impl->db = std::move(*db);
  Result<Statement> find = Statement::prepare(impl->db, "SELECT 1 FROM files WHERE md5sum=?");
  if (!find) {
    note_ = find.error().message;
    return;
  }
  impl->find = std::move(*find);
  impl_ = std::move(impl);
}

HashAllowlist::~HashAllowlist() = default;
HashAllowlist::HashAllowlist(HashAllowlist&&) noexcept = default;

bool HashAllowlist::knows(std::string_view md5) {
  if (!impl_) return false;
  const Result<bool> row = impl_->find.bind_text(1, md5).step(impl_->db);
  impl_->find.reset();
  return row && *row;
}

}  // namespace gander::integrity
