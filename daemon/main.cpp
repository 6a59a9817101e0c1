// p2pd: reads its arguments and its config, and runs the daemon. Exit codes: 0 stopped on request,
// 1 it could not start or continue, including system limits, 2 wrong usage or config.

#include "daemon/app/app.hpp"
#include "daemon/base/config_environment.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/secret_file.hpp"
#include "daemon/base/system_limits.hpp"
#include "daemon/io/memory.hpp"
#include "daemon/options.hpp"

#include <malloc.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

using namespace p2pd;

constexpr int failed = 1;

// All threads share one heap. By default glibc gives each pool thread an arena of its own, which
// keeps its freed memory: 349 MiB instead of 175 after listing a long catalog. No hot path
// allocates.
void share_one_heap() {
#if defined(__GLIBC__)
  ::mallopt(M_ARENA_MAX, 1);
#endif
}

// Its memory contains the keys of the network: keep it out of core files, and from other processes
// of this user, such as hooks.
void hide_memory() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// Returns when it has stopped; throws if it fails.
void run(base::Config config, const app::Reloader::Read& read) {
  struct Rest {
    ~Rest() { base::log::tell_rest(); }
  } const rest;
  app::App(std::move(config), read).run();
}

int serve(const Options& options) try {
  const auto read = [file = options.file] {
    const base::Environment environment = base::current_environment();
    return base::load_config(file ? file : base::default_config_path(environment), environment);
  };
  base::Config config = read();
  if (options.check) return 0;
  base::log::open(config.log_level);
  share_one_heap();
  hide_memory();
  base::look_at_cgroup();
  run(std::move(config), read);
  base::log::answer(base::log::Level::info, "app", "stopped");
  return 0;
} catch (const base::ConfigError& error) {
  fmt::print(stderr, "{}\n", ::isatty(STDERR_FILENO) != 0 ? error.with_source() : error.what());
  return wrong_usage;
} catch (const base::SecretError& error) {
  fmt::print(stderr, "p2pd: {}\n", error.what());
  return wrong_usage;
} catch (const std::bad_alloc&) { // of a library that allocates in its own way
  base::no_memory();
} catch (const std::exception& error) {
  fmt::print(stderr, "p2pd: {}\n", error.what());
  return failed;
}

} // namespace

int main(int argc, char** argv) {
  base::end_without_memory();
  io::end_without_memory(base::no_memory);
  const Options options = read_options(argc, argv);
  if (options.exit) return *options.exit;
  if (sodium_init() < 0) return failed;
  return serve(options);
}
