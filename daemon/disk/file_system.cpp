#include "daemon/disk/file_system.hpp"

#include "daemon/disk/open.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/ioctl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace p2pd::disk {

namespace {

// linux/fs.h has it since 6.9.
struct Uuid {
  std::uint8_t length;
  std::uint8_t bytes[16];
};
constexpr unsigned long get_uuid = _IOR(0x15, 0, Uuid);

// In <linux/magic.h> of newer kernels.
constexpr std::uint64_t fuse = 0x65735546, smb = 0x517b, cifs = 0xff534d42, smb2 = 0xfe534d42,
                        exfat = 0x2011bab0, v9fs = 0x01021997;

bool numbers_as_it_goes(std::uint64_t type) {
  for (const std::uint64_t other :
       {std::uint64_t{MSDOS_SUPER_MAGIC}, fuse, smb, cifs, smb2, exfat, v9fs})
    if (type == other) return true;
  return false;
}

std::uint64_t id_of(int file, const struct statfs& system) {
  Uuid uuid{};
  std::uint64_t half[2] = {};
  if (::ioctl(file, get_uuid, &uuid) == 0 && uuid.length == sizeof uuid.bytes) {
    std::memcpy(half, uuid.bytes, sizeof half);
    return half[0] ^ half[1];
  }
  // These derive it from the UUID; others from the device number.
  if (system.f_type != EXT4_SUPER_MAGIC && system.f_type != BTRFS_SUPER_MAGIC) return 0;
  static_assert(sizeof system.f_fsid <= sizeof half[0]);
  std::memcpy(half, &system.f_fsid, sizeof system.f_fsid);
  return half[0];
}

} // namespace

FileSystem file_system_of(int file) {
  struct statfs system;
  if (::fstatfs(file, &system) != 0) return {};
  const auto type = static_cast<std::uint64_t>(static_cast<std::uint32_t>(system.f_type));
  return {id_of(file, system), !numbers_as_it_goes(type)};
}

std::optional<uid_t> owner_shown(int folder) {
  static std::atomic<unsigned> count = 0;
  const std::string name = fmt::format(".p2pd-{}-{}.owner", ::getpid(), ++count);
  const Fd made = open_fd(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!made) return std::nullopt;
  struct stat status;
  // By its name, as what is compared with it may be known by that alone.
  const bool looked = ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  ::unlinkat(folder, name.c_str(), 0);
  return looked ? std::optional(status.st_uid) : std::nullopt;
}

} // namespace p2pd::disk
