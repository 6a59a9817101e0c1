#include "daemon/store/writers.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/vfs.h>

namespace p2pd::store {

namespace {

// Where the server decides, a lease that is refused tells nothing.
bool is_remote(int file) {
  constexpr std::array<std::uint32_t, 3> remote{0x6969, 0xff534d42, 0xfe534d42}; // NFS, SMB 1, 2
  struct statfs system;
  return ::fstatfs(file, &system) == 0 &&
         std::ranges::find(remote, static_cast<std::uint32_t>(system.f_type)) != remote.end();
}

} // namespace

// A lease for reading is granted where nobody has the file open for writing, and is given back at
// once. Whoever opens it in between is not kept waiting, and we are told by a signal that does
// nothing, and not by SIGIO, which would end the process.
Writers writers_of(int file) {
  ::fcntl(file, F_SETSIG, SIGURG);
  if (::fcntl(file, F_SETLEASE, F_RDLCK) != 0)
    return errno == EAGAIN && !is_remote(file) ? Writers::some : Writers::unknown;
  ::fcntl(file, F_SETLEASE, F_UNLCK);
  return Writers::none;
}

Writers writers_of(const disk::Folders::Opened& opened, const proto::Manifest& manifest) {
  if (manifest.single_file()) return writers_of(opened.fd.get());
  Writers all = Writers::none;
  for (const proto::Entry& entry : manifest.entries) {
    if (!entry.is_file()) continue;
    const disk::Fd file =
        disk::open_beneath(opened.fd.get(), entry.path, O_RDONLY | O_NOFOLLOW, disk::Links::refuse);
    const Writers its = file ? writers_of(file.get()) : Writers::unknown;
    if (its == Writers::some) return its;
    if (its == Writers::unknown) all = its;
  }
  return all;
}

} // namespace p2pd::store
