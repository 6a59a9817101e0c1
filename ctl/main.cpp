#include "ctl/app.hpp"

#include <exception>

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(p2pd::ctl::run(arguments, stdout, stderr));
  } catch (const std::exception& error) { // memory has run out, or the bug is ours
    std::fprintf(stderr, "p2pctl: %s; please report this\n", error.what());
    return static_cast<int>(p2pd::proto::ExitCode::failed);
  }
}
