#include "ctl/app.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return static_cast<int>(p2pd::ctl::run(arguments, stdout, stderr));
}
