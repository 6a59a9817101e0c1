// A thin layer over SQLite: a connection and its statements, with typed values in and out. Bytes
// (proto::View) are BLOBs, strings are TEXT.
//
// Thread: any, one at a time. Blocking. Errors: throws SqlError, which the owner of the database
// catches; its code says what can be done: ENOSPC, EIO, EROFS, EBADMSG (the file is damaged),
// EBUSY.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "proto/ids.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

struct sqlite3;
struct sqlite3_blob;
struct sqlite3_stmt;

namespace p2pd::state {

class SqlError : public std::runtime_error {
 public:
  explicit SqlError(disk::Fault why) : std::runtime_error(why.message), fault(std::move(why)) {}
  const disk::Fault fault;
};

class Database {
 public:
  explicit Database(const std::string& path); // opens it, or creates it if it does not exist

  void run(const char* sql);            // one or several statements without values
  std::int64_t number(const char* sql); // the first value of the first row
  const std::string& path() const { return path_; }

 private:
  friend class Blob;
  friend class Statement;
  [[noreturn]] void fail() const;

  struct Close {
    void operator()(sqlite3* handle) const;
  };
  const std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  // Views and texts among the values must outlive the statement.
  template <class... Values>
  Statement(Database& database, const char* sql, const Values&... values)
      : Statement(database, sql, Prepared()) {
    [[maybe_unused]] int index = 0;
    (bind(++index, values), ...);
  }

  bool next(); // whether there is a row
  void run() {
    while (next()) {
    }
  }

  std::int64_t number(int column) const;
  proto::View bytes(int column) const; // valid until next()
  std::string text(int column) const { return std::string(proto::text(bytes(column))); }
  bool null(int column) const;
  template <class Tag>
  void id(int column, proto::Id<Tag>& id) const {
    const proto::View stored = bytes(column);
    if (stored.size() == id.size) std::copy(stored.begin(), stored.end(), id.bytes.begin());
  }

 private:
  struct Prepared {};
  Statement(Database& database, const char* sql, Prepared);
  void bind(int index, std::int64_t value);
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, proto::View value);
  void bind(int index, const std::string& text);
  template <class Tag>
  void bind(int index, const proto::Id<Tag>& id) {
    bind(index, proto::View(id.bytes));
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) { // left NULL where there is none
    if (value) bind(index, *value);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// A BLOB that is read in parts and never held in memory as a whole.
class Blob {
 public:
  Blob(Database& database, const char* table, const char* column, std::int64_t row);

  std::size_t size() const;
  void read(std::size_t offset, proto::MutableView into); // within its size

 private:
  struct Close {
    void operator()(sqlite3_blob* handle) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_blob, Close> handle_;
};

} // namespace p2pd::state
