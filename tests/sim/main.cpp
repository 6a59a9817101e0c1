// Runs scenarios: sim [--plots FOLDER] [--seed N] FILE...
//
// Prints a row for each, and under it what should hold and does not; then it fails.
#include "tests/sim/plot.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

using namespace p2pd::sim;

constexpr Duration longest = std::chrono::hours(10); // of virtual time

bool run(const std::string& path, const std::string& plots, std::optional<std::uint64_t> seed) {
  Scenario scenario = load_scenario(path);
  if (seed) scenario.seed = *seed;
  const std::string name = std::filesystem::path(path).stem();
  const auto began = std::chrono::steady_clock::now();
  World world(scenario);
  const bool complete = world.run(longest);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  const Result result = judge(world, name, complete, wall.count());
  std::puts(row(result).c_str());
  for (const std::string& each : result.broken) std::printf("  %s\n", each.c_str());
  std::fflush(stdout);
  if (!plots.empty()) {
    std::filesystem::create_directories(plots);
    std::ofstream file(std::filesystem::path(plots) / (name + ".svg"));
    plot(file, world, result);
  }
  return result.broken.empty();
}

} // namespace

int main(int count, char** words) try {
  std::string plots;
  std::optional<std::uint64_t> seed;
  bool fine = true;
  std::puts(heading().c_str());
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--plots" && i + 1 < count)
      plots = words[++i];
    else if (word == "--seed" && i + 1 < count)
      seed = std::stoull(words[++i]);
    else
      fine = run(word, plots, seed) && fine;
  }
  return fine ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "sim: %s\n", error.what());
  return 2;
}
