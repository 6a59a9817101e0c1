#include "daemon/options.hpp"

#include <CLI/CLI.hpp>

namespace p2pd {

Options read_options(int argc, char** argv) {
  CLI::App cli("private peer-to-peer file distribution: the daemon, as tracker or as peer", "p2pd");
  Options options;
  std::string file;
  cli.add_option("-c,--config", file, "read this file instead of the default one")
      ->type_name("FILE");
  cli.add_flag("--check", options.check, "check the config and exit");
  cli.set_version_flag("--version", "p2pd " P2PD_VERSION);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) { // help and version
      options.exit = cli.exit(error);
    } else {
      std::fprintf(stderr, "p2pd: %s; see p2pd --help\n", error.what());
      options.exit = wrong_usage;
    }
  }
  if (!file.empty()) options.file = file;
  return options;
}

} // namespace p2pd
