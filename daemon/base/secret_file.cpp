#include "daemon/base/secret_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::base {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t digits = 2 * sizeof(Secret);

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int operator*() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(const fs::path& file, const std::string& message,
                       SecretError::Cause cause = SecretError::Cause::wrong) {
  throw SecretError(cause, proto::printable(file.native()) + ' ' + message);
}

[[noreturn]] void cannot_read(const fs::path& file, int error) {
  if (error == ENOENT || error == ENOTDIR)
    fail(file, "is not there: make it with `p2pctl join` or `p2pctl secret new`",
         SecretError::Cause::missing);
  fail(file, fmt::format("cannot be read ({}): make it a file of the daemon's user",
                         std::strerror(error)));
}

[[noreturn]] void cannot_write(const fs::path& file, int error) {
  fail(file,
       fmt::format("cannot be written ({}): its folder must exist, have room, and belong to the "
                   "daemon's user",
                   std::strerror(error)));
}

// Of systemd: a file of root that an ACL lets one service read. The mode shows the ACL's mask in
// the place of the rights of the group, which has none but what root's own has.
bool is_credential(const struct stat& status) {
  return (status.st_mode & 07777) == 0440 && status.st_uid == 0 && status.st_gid == 0;
}

// A temporary file that is gone again unless it was renamed.
class Draft {
 public:
  explicit Draft(const fs::path& file) : path_(file) {
    std::array<std::uint8_t, 8> tail;
    randombytes_buf(tail.data(), tail.size());
    path_.replace_filename('.' + file.filename().string() + '.' + proto::hex(tail));
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (!renamed_) unlink(path_.c_str());
  }
  const char* path() const { return path_.c_str(); }
  bool rename_to(const fs::path& file) {
    renamed_ = rename(path_.c_str(), file.c_str()) == 0;
    return renamed_;
  }

 private:
  fs::path path_;
  bool renamed_ = false;
};

bool write_all(int descriptor, proto::View bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

// The rename is durable once the folder is.
bool sync_folder(const fs::path& folder) {
  const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor && fsync(*descriptor) == 0;
}

} // namespace

Secret read_secret(const fs::path& file) {
  // Non-blocking, for a FIFO would wait here for its writer.
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!descriptor || fstat(*descriptor, &status) != 0) cannot_read(file, errno);
  if (!S_ISREG(status.st_mode))
    fail(file, "is no regular file: a secret is one line of 64 hex digits");
  if ((status.st_mode & 077) != 0 && !is_credential(status))
    fail(file,
         fmt::format(
             "has mode {:04o}, so that others may read or change it: chmod 600 it, and change "
             "the secret if they may have read it",
             status.st_mode & 07777));

  std::array<char, digits + 2>
      text; // one more than the line and its end, so that a longer one shows
  const ssize_t count = read(*descriptor, text.data(), text.size());
  if (count < 0) cannot_read(file, errno);
  const auto length = static_cast<std::size_t>(count);
  const bool one_line = length == digits || (length == digits + 1 && text[digits] == '\n');
  Secret secret;
  const bool valid = one_line && proto::from_hex({text.data(), digits}, secret);
  sodium_memzero(text.data(), text.size());
  if (!valid) {
    sodium_memzero(secret.data(), secret.size());
    fail(file, "is not one line of 64 hex digits: make a new one with `p2pctl secret new`, or copy "
               "the one "
               "of the other nodes");
  }
  return secret;
}

void write_secret(const fs::path& file, const Secret& secret) {
  std::array<char, digits + 1> line;
  sodium_bin2hex(line.data(), line.size(), secret.data(), secret.size());
  line.back() = '\n'; // in place of the NUL
  struct Wipe {
    std::array<char, digits + 1>& line;
    ~Wipe() { sodium_memzero(line.data(), line.size()); }
  } wipe{line};
  write_private_file(file, proto::view({line.data(), line.size()}));
}

void write_private_file(const fs::path& file, proto::View contents) {
  Draft draft(file);
  {
    const Descriptor descriptor(
        open(draft.path(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!descriptor || !write_all(*descriptor, contents) || fsync(*descriptor) != 0)
      cannot_write(file, errno);
  }
  if (!draft.rename_to(file) || !sync_folder(file.parent_path())) cannot_write(file, errno);
}

} // namespace p2pd::base
