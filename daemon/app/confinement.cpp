#include "daemon/app/confinement.hpp"

#include "daemon/base/groups.hpp"
#include "daemon/base/log.hpp"
#include "daemon/disk/fd.hpp"
#include "daemon/disk/give_to.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace p2pd::app {

namespace {

using std::filesystem::path;
using Rights = std::uint64_t;

constexpr int most_symlinks = 40; // as the kernel follows in one path

// Headers of Linux 6.1 do not have these two.
constexpr Rights truncating = 1U << 14;     // LANDLOCK_ACCESS_FS_TRUNCATE
constexpr Rights device_control = 1U << 15; // LANDLOCK_ACCESS_FS_IOCTL_DEV

constexpr Rights reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr Rights writing = reading | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER;
constexpr Rights listening = LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE;

// Refused wherever no rule grants it.
constexpr Rights guarded = writing | listening | device_control | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                           LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO;
constexpr Rights of_files =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating;

// Each version of the interface knows the rights below this one.
Rights first_unknown(long version) {
  if (version < 2) return LANDLOCK_ACCESS_FS_REFER;
  if (version < 3) return truncating;
  return version < 5 ? device_control : device_control << 1;
}

class Ruleset {
 public:
  explicit Ruleset(long version) : guarded_(guarded & (first_unknown(version) - 1)) {
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = guarded_;
    fd_ = disk::Fd(static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  }

  // Grants the rights on this file, or on this folder and all below it. False: see errno.
  bool grant(const path& where, Rights rights) const {
    const disk::Fd at(::open(where.c_str(), O_PATH | O_CLOEXEC));
    struct stat status;
    if (!at || ::fstat(at.get(), &status) != 0) return false;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights & guarded_ & (S_ISDIR(status.st_mode) ? ~Rights{0} : of_files);
    rule.parent_fd = at.get();
    return ::syscall(SYS_landlock_add_rule, fd_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  }

  bool enforce() const { return ::syscall(SYS_landlock_restrict_self, fd_.get(), 0) == 0; }

 private:
  const Rights guarded_;
  disk::Fd fd_;
};

path folder_of(const path& file) {
  return std::filesystem::absolute(file).parent_path();
}

// Folders, since an editor replaces a file by another one: that of the file, and where it is a
// symlink those of all that it leads to.
void grant_file(const Ruleset& rules, path file) {
  for (int links = 0; links < most_symlinks; ++links) {
    rules.grant(folder_of(file), reading);
    std::error_code code;
    const path target = std::filesystem::read_symlink(file, code);
    if (code) return;
    file = folder_of(file) / target;
  }
}

// What names are looked up in beside /etc. Where a program writes /etc/resolv.conf, that is a
// symlink to a folder of this program below /run, which is made when it starts, and made anew when
// it starts again; another program may take over. So all files in /run can be read, as far as their
// permissions allow, and not listed. That gives away little: secrets there are not readable for
// all, and what a person has in /run/user is mostly sockets, which Landlock leaves open anyway.
void grant_names(const Ruleset& rules) {
  rules.grant("/run", LANDLOCK_ACCESS_FS_READ_FILE);
  grant_file(rules, "/etc/resolv.conf");
  // Of modules that nsswitch.conf(5) may name: sssd's and libvirt's.
  for (const char* const where : {"/var/lib/sss/mc", "/var/lib/libvirt/dnsmasq"})
    rules.grant(where, reading);
}

// Libraries, the databases of users, hosts and time zones, and what a sanitizer reads about its own
// process when it reports. What is missing of it is not needed.
void grant_usual(const Ruleset& rules) {
  for (const char* const where : {"/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                                  "/libx32", "/proc/self", "/proc/self/exe", "/dev/urandom"})
    rules.grant(where, reading);
  rules.grant("/dev/null", of_files);
  grant_names(rules);
}

// A folder that a person has named. The step into it has it mounted, where that is done on demand.
void grant_named(const Ruleset& rules, const char* key, const path& folder, Rights rights) {
  if (!rules.grant(folder / ".", rights))
    base::log::warn("app", "{} {}: {}; out of reach until p2pd is started with it in place", key,
                    folder.string(), std::strerror(errno));
}

void grant_config(const Ruleset& rules, const base::Config& config) {
  grant_named(rules, "[node] state_dir", config.state_dir, writing);
  grant_named(rules, "the folder of [control] socket", folder_of(config.control_socket), listening);
  for (const path& file : {config.file, config.secret_file, config.previous_secret_file})
    if (!file.empty()) grant_file(rules, file);
  if (config.role == base::Role::tracker) return;
  std::error_code code; // of a secret that p2pctl join will bring
  if (!std::filesystem::exists(config.secret_file, code))
    rules.grant(folder_of(config.secret_file), writing);
  for (const path& folder : config.share) grant_named(rules, "[peer] share", folder, reading);
  for (const path& folder : config.writable) grant_named(rules, "[peer] writable", folder, writing);
  grant_named(rules, "[peer] download_dir", config.download_dir, writing);
  for (const auto* const hook : {&config.on_complete, &config.on_failed})
    if (!hook->empty()) grant_file(rules, hook->front());
}

// Where fetched contents go: with the group that they get.
void make_destination(const path& folder, const std::optional<gid_t>& group) {
  std::error_code ignored; // granting says what is missing
  if (!std::filesystem::create_directories(folder, ignored)) return;
  const disk::Outcome given = disk::give_to(group, AT_FDCWD, folder.c_str(), folder.string());
  if (!given) base::log::warn("app", "{}", given.fault().message);
}

// From here on all that p2pd makes for others has the umask of the config. What is for itself alone
// has modes of its own.
void make_folders(const base::Config& config) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_of(config.control_socket), ignored);
  if (config.role == base::Role::tracker) return;
  if (!config.download_umask.empty())
    ::umask(static_cast<mode_t>(std::stoul(config.download_umask, nullptr, 8)));
  const std::optional<gid_t> group = base::id_of_group(config.download_group);
  make_destination(config.download_dir, group);
  for (const path& folder : config.writable) make_destination(folder, group);
}

} // namespace

void confine(const base::Config& config) {
  make_folders(config);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); // every kernel that we run on has it
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1)
    return base::log::warn("app", "no new privileges, but no Landlock in this kernel: only the "
                                  "permissions of files confine p2pd");
  const Ruleset rules(version);
  grant_usual(rules);
  grant_config(rules, config);
  if (rules.enforce())
    base::log::info("app", "no new privileges, and confined to its folders by Landlock (ABI {})",
                    version);
  else
    base::log::warn("app",
                    "no new privileges, but Landlock fails ({}): only the permissions of "
                    "files confine p2pd",
                    std::strerror(errno));
}

} // namespace p2pd::app
