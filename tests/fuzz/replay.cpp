// Runs a fuzz target without libFuzzer:
//
//   replay-NAME ROUNDS FILE-OR-FOLDER...
//
// on every .hex file given (hex digits, blanks, '#' comments), then on ROUNDS mutations of them,
// which are the same in every run. When one fails, its input is printed as hex: put it into the
// corpus.
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

namespace fs = std::filesystem;
using p2pd::proto::Bytes;

Bytes input; // the one that runs

void print_input() {
  std::fprintf(stderr, "failing input: %s\n", p2pd::proto::hex(input).c_str());
}

Bytes load(const fs::path& path) {
  std::ifstream in(path);
  std::string digits;
  for (std::string line; std::getline(in, line);)
    for (const char c : line.substr(0, line.find('#')))
      if (c != ' ') digits += c;
  Bytes out(digits.size() / 2);
  if (p2pd::proto::from_hex(digits, out)) return out;
  std::fprintf(stderr, "%s is no hex\n", path.c_str());
  std::exit(2);
}

std::vector<Bytes> load_all(const std::vector<fs::path>& places) {
  std::vector<fs::path> files;
  for (const fs::path& place : places) {
    if (!fs::is_directory(place)) {
      files.push_back(place);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(place))
      if (entry.path().extension() == ".hex") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end()); // so that each run makes the same mutations
  std::vector<Bytes> seeds;
  for (const fs::path& file : files) seeds.push_back(load(file));
  return seeds;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<Bytes>& seeds) : seeds_(seeds) {}

  Bytes next() {
    Bytes bytes = seeds_[below(seeds_.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(bytes);
    return bytes;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  auto place(Bytes& bytes) {
    return bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
  }

  void change(Bytes& bytes) {
    // MessagePack's headers and the ends of ranges are met by chance too seldom.
    static constexpr std::uint8_t telling[] = {0x00, 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0,
                                               0xc0, 0xc1, 0xc3, 0xc4, 0xc6, 0xc7, 0xca, 0xcc,
                                               0xcf, 0xd3, 0xd9, 0xdb, 0xdd, 0xdf, 0xe0, 0xff};
    if (bytes.empty()) return bytes.push_back(static_cast<std::uint8_t>(random_()));
    switch (below(6)) {
    case 0:
      *place(bytes) ^= static_cast<std::uint8_t>(1U << below(8));
      break;
    case 1:
      *place(bytes) = telling[below(std::size(telling))];
      break;
    case 2:
      bytes.insert(place(bytes), telling[below(std::size(telling))]);
      break;
    case 3:
      bytes.erase(place(bytes));
      break;
    case 4:
      bytes.resize(below(bytes.size()));
      break;
    case 5: { // the rest is another seed's
      const Bytes& other = seeds_[below(seeds_.size())];
      bytes.erase(place(bytes), bytes.end());
      const std::size_t from = below(other.size() + 1);
      bytes.insert(bytes.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
      break;
    }
    }
  }

  const std::vector<Bytes>& seeds_;
  std::mt19937_64 random_{1};
};

void run(Bytes bytes) {
  bytes.shrink_to_fit(); // so that the address sanitizer sees one byte too far
  input = std::move(bytes);
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s ROUNDS FILE-OR-FOLDER...\n", argv[0]);
    return 2;
  }
  std::signal(SIGABRT, [](int) { print_input(); });
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(print_input);

  const std::vector<Bytes> seeds = load_all({argv + 2, argv + argc});
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds\n");
    return 2;
  }
  for (const Bytes& seed : seeds) run(seed);
  Mutator mutator(seeds);
  for (long rounds = std::strtol(argv[1], nullptr, 10); rounds > 0; --rounds) run(mutator.next());
}
