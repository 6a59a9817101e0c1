// A folder of its own for each test, gone afterwards, and small ways to fill and read it.
#pragma once

#include "proto/bytes.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

namespace p2pd::disk {

namespace fs = std::filesystem;

class DiskTest : public testing::Test {
 protected:
  DiskTest() {
    std::string name = (fs::temp_directory_path() / "p2pd-disk-XXXXXX").string();
    top_ = fs::canonical(::mkdtemp(name.data()));
  }
  ~DiskTest() override {
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }

  std::string at(std::string_view name) const { return (top_ / name).string(); }

  std::string make(std::string_view name, std::string_view text = "x") const {
    fs::create_directories((top_ / name).parent_path());
    std::ofstream(top_ / name, std::ios::binary) << text;
    return at(name);
  }

  std::string make_folder(std::string_view name) const {
    fs::create_directories(top_ / name);
    return at(name);
  }

  static std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::string contents(int fd) {
    std::string text;
    std::array<char, 4096> some;
    for (ssize_t n;
         (n = ::pread(fd, some.data(), some.size(), static_cast<off_t>(text.size()))) > 0;)
      text.append(some.data(), static_cast<std::size_t>(n));
    return text;
  }

  static std::string random_text(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
  }

  fs::path top_;
};

} // namespace p2pd::disk
