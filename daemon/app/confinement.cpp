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

constexpr int most_symlinks = 40; // the kernel's limit per path

// Missing in the headers of Linux 6.1.
constexpr Rights truncating = 1U << 14;     // LANDLOCK_ACCESS_FS_TRUNCATE
constexpr Rights device_control = 1U << 15; // LANDLOCK_ACCESS_FS_IOCTL_DEV

constexpr Rights reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr Rights writing = reading | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER;
constexpr Rights listening = LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE;

// Refused unless a rule grants it.
constexpr Rights guarded = writing | listening | device_control | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                           LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO;
constexpr Rights of_files =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating;

// Each ABI version knows the rights below this one.
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

  // Grants the rights on this file, or on this folder and everything below it. False: see errno.
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

// Grants the folder of the file, since editors replace files, and if it is a symlink the folders of
// all its targets.
void grant_file(const Ruleset& rules, path file) {
  for (int links = 0; links < most_symlinks; ++links) {
    rules.grant(folder_of(file), reading);
    std::error_code code;
    const path target = std::filesystem::read_symlink(file, code);
    if (code) return;
    file = folder_of(file) / target;
  }
}

// What name resolution reads outside /etc. If a program manages /etc/resolv.conf, that is a symlink
// to a folder of this program below /run, which is recreated whenever it starts; another program
// may take over. So all files in /run can be read, as far as their permissions allow, but not
// listed. That exposes little: secrets there are not world-readable, and /run/user mostly contains
// sockets, which Landlock does not restrict anyway.
void grant_names(const Ruleset& rules) {
  rules.grant("/run", LANDLOCK_ACCESS_FS_READ_FILE);
  grant_file(rules, "/etc/resolv.conf");
  // Modules that nsswitch.conf(5) may name: sssd's and libvirt's.
  for (const char* const where : {"/var/lib/sss/mc", "/var/lib/libvirt/dnsmasq"})
    rules.grant(where, reading);
}

// Libraries, the databases of users, hosts and time zones, and what a sanitizer reads about its own
// process for a report. Missing ones are not needed.
void grant_usual(const Ruleset& rules) {
  for (const char* const where : {"/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                                  "/libx32", "/proc/self", "/proc/self/exe", "/dev/urandom"})
    rules.grant(where, reading);
  rules.grant("/dev/null", of_files);
  grant_names(rules);
}

// A folder from the config. Entering it triggers an automount.
void grant_named(const Ruleset& rules, const char* key, const path& folder, Rights rights) {
  if (!rules.grant(folder / ".", rights))
    base::log::warn("app", "{} {}: {}; inaccessible until p2pd is restarted with it in place", key,
                    folder.string(), std::strerror(errno));
}

void grant_config(const Ruleset& rules, const base::Config& config) {
  grant_named(rules, "[node] state_dir", config.state_dir, writing);
  grant_named(rules, "the folder of [control] socket", folder_of(config.control_socket), listening);
  for (const path& file : {config.file, config.secret_file, config.previous_secret_file})
    if (!file.empty()) grant_file(rules, file);
  if (config.role == base::Role::tracker) return;
  std::error_code code; // the secret may come with p2pctl join
  if (!std::filesystem::exists(config.secret_file, code))
    rules.grant(folder_of(config.secret_file), writing);
  for (const path& folder : config.share) grant_named(rules, "[peer] share", folder, reading);
  for (const path& folder : config.writable) grant_named(rules, "[peer] writable", folder, writing);
  grant_named(rules, "[peer] download_dir", config.download_dir, writing);
  for (const auto* const hook : {&config.on_complete, &config.on_failed})
    if (!hook->empty()) grant_file(rules, hook->front());
}

// A folder for fetched contents, with their group.
void make_destination(const path& folder, const std::optional<gid_t>& group) {
  std::error_code ignored; // granting it reports the error
  if (!std::filesystem::create_directories(folder, ignored)) return;
  const disk::Outcome given = disk::give_to(group, AT_FDCWD, folder.c_str(), folder.string());
  if (!given) base::log::warn("app", "{}", given.fault().message);
}

// From here on everything that p2pd makes for others has the umask of the config. Its own files
// have explicit modes.
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
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); // supported by every kernel that p2pd runs on
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1)
    return base::log::warn("app", "no new privileges, but this kernel has no Landlock: only file "
                                  "permissions confine p2pd");
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
