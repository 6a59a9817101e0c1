// The command line of p2pd. Main thread, before anything else runs.
#pragma once

#include <filesystem>
#include <optional>

namespace p2pd {

constexpr int wrong_usage = 2;

struct Options {
  std::optional<std::filesystem::path> file;
  bool check = false;
  std::optional<int> exit; // there is nothing to run: what was to be said is said
};

Options read_options(int argc, char** argv);

} // namespace p2pd
