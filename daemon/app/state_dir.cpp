#include "daemon/app/state_dir.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/secret_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::app {

namespace {

using std::filesystem::path;

void make_private_folder(const path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder.parent_path(), failure);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw std::runtime_error(
        fmt::format("state_dir {}: {}; make it writable for this user or choose another "
                    "[node] state_dir",
                    folder.string(), std::strerror(errno)));
  // Others may be allowed to read it, for its downloads; the keys have modes of their own. Whoever
  // may write to it could replace the keys.
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & 022) != 0)
    throw std::runtime_error(
        fmt::format("state_dir {} has mode {:04o}, so that others could replace this node's "
                    "identity; chmod go-w it",
                    folder.string(), status.st_mode & 07777));
}

template <class Key>
Key take(base::Secret secret) {
  Key key;
  key.bytes = secret;
  sodium_memzero(secret.data(), secret.size());
  return key;
}

proto::noise::KeyPair load_identity(const path& file) try {
  return proto::noise::key_pair_from(take<proto::noise::PrivateKey>(base::read_secret(file)));
} catch (const base::SecretError& error) {
  if (error.cause != base::SecretError::Cause::missing) throw;
  proto::noise::KeyPair fresh = proto::noise::generate_key_pair();
  base::write_secret(file, fresh.private_key.bytes);
  base::log::info("app", "made a new identity: {}", to_text(fresh.public_key));
  return fresh;
}

// If there is no secret yet, a tracker makes one.
void find_secret(const base::Config& config) {
  std::error_code code; // reading it reports any other error
  if (std::filesystem::exists(config.secret_file, code) || code) return;
  if (config.role == base::Role::peer) {
    base::log::warn(
        "app",
        "{} is missing, so this node is in no network; to join one: p2pctl join TOKEN, with the "
        "token that p2pctl invite prints on its tracker",
        config.secret_file.string());
    return;
  }
  proto::noise::Psk fresh;
  randombytes_buf(fresh.bytes.data(), fresh.bytes.size());
  base::write_secret(config.secret_file, fresh.bytes);
  base::log::info("app", "made a new network secret: {}", config.secret_file.string());
}

proto::noise::Psk load_previous_secret(const path& file) try {
  return take<proto::noise::Psk>(base::read_secret(file));
} catch (const base::SecretError& error) {
  if (error.cause != base::SecretError::Cause::missing) throw;
  throw base::SecretError(
      base::SecretError::Cause::wrong,
      fmt::format("[network] previous_secret_file {} is not there; put the network's previous "
                  "secret there, or take the key out of the config",
                  file.string()));
}

} // namespace

StateDir::StateDir(const path& folder) {
  make_private_folder(folder);
  const path file = folder / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0)
    throw std::runtime_error(fmt::format("{}: {}; make state_dir writable for this user",
                                         file.string(), std::strerror(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw std::runtime_error(
        fmt::format("state_dir {}: another p2pd uses it; stop that one or choose another "
                    "[node] state_dir",
                    folder.string()));
  }
}

StateDir::~StateDir() {
  ::close(lock_);
}

net::Keys load_keys(const base::Config& config) {
  net::Keys keys{load_identity(config.state_dir / "identity.key"), {}};
  find_secret(config);
  keys.secrets = read_secrets(config, config.role == base::Role::tracker);
  return keys;
}

std::vector<proto::noise::Psk> read_secrets(const base::Config& config, bool needed) {
  std::vector<proto::noise::Psk> secrets;
  try {
    secrets.push_back(take<proto::noise::Psk>(base::read_secret(config.secret_file)));
  } catch (const base::SecretError& error) {
    if (needed || error.cause != base::SecretError::Cause::missing) throw;
    return secrets;
  }
  if (!config.previous_secret_file.empty())
    secrets.push_back(load_previous_secret(config.previous_secret_file));
  return secrets;
}

} // namespace p2pd::app
