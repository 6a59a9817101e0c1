#include "daemon/state/sqlite.hpp"

#include "daemon/base/system_limits.hpp"
#include "daemon/disk/open.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace p2pd::state {

namespace {

constexpr int busy_ms = 5000; // somebody may have the file open in a shell

struct Meaning {
  int error_number;
  std::string remedy;
};

bool lacks_memory(int status, int system_error) {
  return status == SQLITE_NOMEM || status == SQLITE_IOERR_NOMEM ||
         ((status & 0xff) == SQLITE_IOERR && system_error == ENOMEM);
}

Meaning meaning(int status, int system_error) {
  if (lacks_memory(status, system_error)) return {ENOMEM, "; " + base::memory_limit()};
  switch (status & 0xff) {
  case SQLITE_FULL:
    return {ENOSPC, "; free some space"};
  case SQLITE_IOERR:
    return {EIO, "; check the device (dmesg)"};
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return {EBADMSG, ""};
  case SQLITE_READONLY:
    return {EROFS, "; let the user that runs p2pd write it"};
  case SQLITE_CANTOPEN:
    return {EACCES, "; let the user that runs p2pd read and write its folder"};
  case SQLITE_BUSY:
    return {EBUSY, "; close what else has it open"};
  default:
    return {EINVAL, ""};
  }
}

// SQLite opens files at any time: its log, and folders to sync them.
int open_for_sqlite(const char* path, int flags, int mode) {
  return disk::open_retrying([&] { return ::open(path, flags, mode); });
}

void share_descriptors() {
  sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  vfs->xSetSystemCall(vfs, "open", reinterpret_cast<sqlite3_syscall_ptr>(open_for_sqlite));
}

// What a node shares and fetches is private. SQLite gives its log the same mode.
void keep_private(const std::string& path) {
  const disk::Fd made = disk::open_fd(AT_FDCWD, path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  struct stat status;
  if (!made && ::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
    ::chmod(path.c_str(), status.st_mode & 0700);
}

} // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close(handle);
}

Database::Database(const std::string& path) : path_(path) {
  [[maybe_unused]] static const bool shared = (share_descriptors(), true);
  keep_private(path);
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int status = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle); // set even on failure, for the error message
  if (status != SQLITE_OK) fail();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_ms);
}

void Database::fail() const {
  const int status = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  const auto [error_number, remedy] =
      meaning(status, handle_ ? sqlite3_system_errno(handle_.get()) : 0);
  throw SqlError(disk::fault(
      error_number,
      fmt::format("the database {}: {}{}", disk::in_quotes(path_),
                  handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(status), remedy)));
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.number(0) : 0;
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

Statement::Statement(Database& database, const char* sql, Prepared) : database_(database) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(database.handle_.get(), sql, -1, &handle, nullptr) != SQLITE_OK)
    database.fail();
  handle_.reset(handle);
}

bool Statement::next() {
  const int status = sqlite3_step(handle_.get());
  if (status != SQLITE_ROW && status != SQLITE_DONE) database_.fail();
  return status == SQLITE_ROW;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

proto::View Statement::bytes(int column) const {
  const void* const begin = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const std::uint8_t*>(begin), static_cast<std::size_t>(size)};
}

bool Statement::null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

void Statement::bind(int index, std::int64_t value) {
  if (sqlite3_bind_int64(handle_.get(), index, value) != SQLITE_OK) database_.fail();
}

// An empty view may have a null pointer, which SQLite would take for NULL.
void Statement::bind(int index, proto::View value) {
  const void* const begin = value.empty() ? static_cast<const void*>("") : value.data();
  if (sqlite3_bind_blob64(handle_.get(), index, begin, value.size(), nullptr) != SQLITE_OK)
    database_.fail();
}

void Statement::bind(int index, const std::string& text) {
  if (sqlite3_bind_text64(handle_.get(), index, text.data(), text.size(), nullptr, SQLITE_UTF8) !=
      SQLITE_OK)
    database_.fail();
}

void Blob::Close::operator()(sqlite3_blob* handle) const {
  sqlite3_blob_close(handle);
}

Blob::Blob(Database& database, const char* table, const char* column, std::int64_t row)
    : database_(database) {
  sqlite3_blob* handle = nullptr;
  if (sqlite3_blob_open(database.handle_.get(), "main", table, column, row, 0, &handle) !=
      SQLITE_OK)
    database.fail();
  handle_.reset(handle);
}

std::size_t Blob::size() const {
  return static_cast<std::size_t>(sqlite3_blob_bytes(handle_.get()));
}

void Blob::read(std::size_t offset, proto::MutableView into) {
  if (sqlite3_blob_read(handle_.get(), into.data(), static_cast<int>(into.size()),
                        static_cast<int>(offset)) != SQLITE_OK)
    database_.fail();
}

} // namespace p2pd::state
