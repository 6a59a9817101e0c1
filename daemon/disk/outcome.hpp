// The result of blocking disk code: a value, or a Fault that says in one line what was wrong.
//
// The code is an errno value, for the callers that decide by it:
//   ESTALE            a file has changed since it was hashed
//   EPERM             outside the folders that may be used, or p2pd's own
//   EEXIST            the destination exists
//   ENOSPC, EDQUOT    no space; passes by itself when there is some
//   EIO               the device failed
// The kernel's own ESTALE and EPERM, which pass, become EREMOTEIO and EACCES.
//
// Thread: any; values only.
#pragma once

#include "daemon/disk/meaning.hpp"

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

namespace p2pd::disk {

struct Fault {
  std::error_code code;
  std::string message; // "cannot open "/srv/x": Permission denied; ..."

  bool is(int error_number) const {
    return code == std::error_code(error_number, std::system_category());
  }
  Meaning meaning() const; // lasting if it is p2pd's own verdict (ESTALE, EPERM)
  bool passes() const { return disk::passes(meaning()); }
};

Fault fault(int error_number, std::string message);

// "cannot VERB "PATH": the cause; the remedy, where one is known".
Fault system_fault(int error_number, std::string_view verb, std::string_view path);

// For a file, folder or symlink that cannot be made: the file system may not accept its name.
Fault make_fault(int error_number, std::string_view path);

// A path for display: in quotes, without control characters, always on one line.
std::string in_quotes(std::string_view path);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : is_(std::move(value)) {}
  Result(Fault fault) : is_(std::move(fault)) {}

  bool ok() const { return is_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() { return value(); }
  const T& operator*() const { return const_cast<Result*>(this)->value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &**this; }

  const Fault& fault() const {
    assert(!ok());
    return *std::get_if<Fault>(&is_);
  }

 private:
  T& value() {
    assert(ok());
    return *std::get_if<T>(&is_);
  }
  std::variant<T, Fault> is_;
};

// Success, or a Fault.
class [[nodiscard]] Outcome {
 public:
  Outcome() = default;
  Outcome(Fault fault) : fault_(std::move(fault)) {}

  bool ok() const { return !fault_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Fault& fault() const {
    assert(!ok());
    return *fault_;
  }

 private:
  std::optional<Fault> fault_;
};

} // namespace p2pd::disk
