#include "ctl/base/draft.hpp"

#include "ctl/base/failure.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>

namespace p2pd::ctl {

namespace {

namespace fs = std::filesystem;

// Others may write into the folder: a path to it, or to what is made there, may lead elsewhere by
// the time that it is used.
Spot hidden_folder_in(const Spot& folder) {
  std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/.p2pctl-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) fail_by_errno(folder.path());
  return {folder, fs::path(path).filename()};
}

bool is_there(const Spot& folder, const fs::path& name) {
  struct stat status {};
  return ::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

// What was put into it by others is theirs, and is not looked for anywhere but in it.
void remove(const Spot& folder, const fs::path& name) noexcept try {
  if (::unlinkat(folder.get(), name.c_str(), 0) == 0 || errno != EISDIR) return;
  const Spot inner(folder, name);
  for (const fs::path& each : inner.names()) remove(inner, each);
  ::unlinkat(folder.get(), name.c_str(), AT_REMOVEDIR);
} catch (const fs::filesystem_error&) {
  // It is gone, or it stays: the command has failed already.
}

} // namespace

Draft::Draft(Spot folder, fs::path name)
    : folder_(std::move(folder)), name_(std::move(name)), hidden_(hidden_folder_in(folder_)) {}

Draft::~Draft() {
  remove(folder_, hidden_.path().filename());
}

void Draft::expect_free() const {
  if (is_there(folder_, name_))
    throw Failure(proto::ExitCode::failed,
                  '"' + (folder_.path() / name_).string() + "\" is there already",
                  "publish that one, or rename one of the two");
}

fs::path Draft::move_out() const {
  const auto rename = [&](unsigned flags) {
    return ::renameat2(hidden_.get(), name_.c_str(), folder_.get(), name_.c_str(), flags) == 0;
  };
  if (rename(RENAME_NOREPLACE)) return folder_.path() / name_;
  // A file system that cannot tell us whether it would replace something: look first, then rename.
  expect_free();
  if (!rename(0)) fail_by_errno(folder_.path() / name_);
  return folder_.path() / name_;
}

} // namespace p2pd::ctl
