#include "daemon/disk/outcome.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/core.h>

namespace p2pd::disk {

namespace {

// The kernel's codes that p2pd uses for its own verdicts.
int code_of(int error_number) {
  return error_number == ESTALE ? EREMOTEIO : error_number == EPERM ? EACCES : error_number;
}

std::string_view remedy(int error_number) {
  switch (error_number) {
  case EACCES:
  case EPERM:
    return "; give the user that runs p2pd the right to, or restart p2pd if this was put there or "
           "mounted since its start";
  case ENOENT:
    return "; check the spelling";
  case ENOSPC:
    return "; free some space";
  case EDQUOT:
    return "; free some space or raise the quota";
  case EROFS:
    return "; mount it writable or choose another place";
  case EMFILE:
    return "; raise LimitNOFILE of the service";
  case EFBIG:
    return "; raise LimitFSIZE of the service (ulimit -f), or choose a file system that takes "
           "files "
           "so large";
  case ENAMETOOLONG:
    return "; choose a shorter name";
  case EIO:
    return "; check the device and its cables (dmesg)";
  case ESTALE:
  case ETIMEDOUT:
  case ENOTCONN:
  case EHOSTDOWN:
    return "; see that what serves this file system runs and is reachable, or mount it again";
  default:
    return "";
  }
}

} // namespace

Fault fault(int error_number, std::string message) {
  return {std::error_code(error_number, std::system_category()), std::move(message)};
}

Meaning Fault::meaning() const {
  if (code.category() != std::system_category() || is(ESTALE) || is(EPERM)) return Meaning::lasting;
  return meaning_of(code.value());
}

Fault system_fault(int error_number, std::string_view verb, std::string_view path) {
  const std::string cause = std::error_code(error_number, std::system_category()).message();
  return fault(code_of(error_number), fmt::format("cannot {} {}: {}{}", verb, in_quotes(path),
                                                  cause, remedy(error_number)));
}

Fault make_fault(int error_number, std::string_view path) {
  if (error_number != EINVAL && error_number != EILSEQ)
    return system_fault(error_number, "make", path);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return fault(
      error_number,
      fmt::format("cannot make {}: the file system there does not accept the name {}; choose "
                  "another place or name with -o, or leave it out with --only",
                  in_quotes(path), in_quotes(name)));
}

std::string in_quotes(std::string_view path) {
  std::string text = proto::printable(path);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return '"' + text + '"';
}

} // namespace p2pd::disk
