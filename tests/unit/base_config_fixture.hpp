// What the tests of the config share: a file in a folder of its own, and two environments.
#pragma once

#include "daemon/base/config_environment.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace p2pd::base {

inline Environment system_environment() {
  Environment environment;
  environment.system = true;
  environment.host_name = "build-07";
  environment.home = "/root";
  environment.group_exists = [](const std::string& name) {
    return name == "p2pd" || name == "adm";
  };
  return environment;
}

inline Environment user_environment() {
  Environment environment;
  environment.host_name = "laptop";
  environment.home = "/home/ada";
  environment.xdg_config_home = "/home/ada/.config";
  environment.xdg_state_home = "/home/ada/.local/state";
  environment.xdg_runtime_dir = "/run/user/1000";
  return environment;
}

// A folder that is gone with the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = ::testing::TempDir() + "p2pd-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline void write_text(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline Config load(std::string_view text, const Environment& environment = system_environment()) {
  const TestFolder folder;
  const auto file = folder / "p2pd.toml";
  write_text(file, text);
  return load_config(file, environment);
}

// The error's lines, without the file's name; "" = the text is a good config.
inline std::string mistakes(std::string_view text,
                            const Environment& environment = system_environment()) {
  const TestFolder folder;
  const auto file = folder / "p2pd.toml";
  write_text(file, text);
  try {
    load_config(file, environment);
    return "";
  } catch (const ConfigError& error) {
    std::string lines = error.what();
    const std::string prefix = file.string() + ':';
    for (std::size_t at = 0; (at = lines.find(prefix, at)) != std::string::npos;)
      lines.erase(at, prefix.size());
    return lines;
  }
}

} // namespace p2pd::base
