#include "ctl/draft.hpp"

#include "ctl/failure.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>

namespace p2pd::ctl {

namespace {

namespace fs = std::filesystem;

fs::path hidden_folder_in(const fs::path& folder) {
  std::string path = folder / ".p2pctl-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) fail_by_errno(folder);
  return path;
}

} // namespace

Draft::Draft(const fs::path& folder, const fs::path& name)
    : target_(folder / name), hidden_(hidden_folder_in(folder)) {}

Draft::~Draft() {
  std::error_code none;
  fs::remove_all(hidden_, none);
}

void Draft::expect_free() const {
  if (fs::exists(fs::symlink_status(target_)))
    throw Failure(proto::ExitCode::failed, '"' + target_.string() + "\" is there already",
                  "publish that one, or rename one of the two");
}

const fs::path& Draft::move_out() const {
  const fs::path from = path();
  const auto rename = [&](unsigned flags) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, target_.c_str(), flags) == 0;
  };
  if (rename(RENAME_NOREPLACE)) return target_;
  // A file system that cannot tell us whether it would replace something: look first, then rename.
  expect_free();
  if (!rename(0)) fail_by_errno(target_);
  return target_;
}

} // namespace p2pd::ctl
