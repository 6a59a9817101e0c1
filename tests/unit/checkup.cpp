// What doctor finds wrong, each on a folder or a number that is wrong in this one way. Most tests
// run as root too, who may do everything: so what is wrong is missing, or is something else.
#include "daemon/checkup/checkup.hpp"
#include "daemon/base/config_environment.hpp"
#include "daemon/base/groups.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::checkup {
namespace {

namespace fs = std::filesystem;

class CheckupTest : public testing::Test {
 protected:
  CheckupTest() {
    std::string name = (fs::temp_directory_path() / "p2pd-checkup-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~CheckupTest() override { fs::remove_all(folder); }

  fs::path file(const char* name, const std::string& text, mode_t mode = 0600) {
    const fs::path path = folder / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  base::Config member() {
    base::Config config;
    config.state_dir = folder;
    config.secret_file = file("network.key", std::string(64, '5'));
    file("identity.key", std::string(64, '6'));
    return config;
  }

  fs::path folder;
};

void expect_well(const Check& check) {
  EXPECT_EQ(check.health, Health::ok) << check.finding;
  EXPECT_EQ(check.remedy, "");
}

void expect(const Check& check, Health health, std::string_view finding,
            const std::string& remedy) {
  EXPECT_EQ(check.health, health) << check.finding;
  EXPECT_NE(check.finding.find(finding), std::string::npos) << check.finding;
  EXPECT_NE(check.remedy.find(remedy), std::string::npos) << check.remedy;
}

TEST_F(CheckupTest, EmptyMountPoints) {
  fs::create_directories(folder / "disk");
  const std::vector<std::string> known{folder / "disk/film", folder / "disk/deep/er/album",
                                       folder / "gone"};
  const Checks checks = check_mounts(known);
  ASSERT_EQ(checks.size(), 1U) << "what holds something else is no mount point without its disk";
  expect(checks[0], Health::warn, (folder / "disk").string() + " is empty, and 2 things",
         "mount its disk");
  fs::create_directories(folder / "disk/lost+found");
  EXPECT_TRUE(check_mounts(known).empty());
  EXPECT_TRUE(check_mounts({}).empty());
}

TEST_F(CheckupTest, Folders) {
  expect_well(check_readable("share", folder, ""));
  expect_well(check_writable("download_dir", folder, ""));
  expect_well(check_state(folder, ""));
  EXPECT_TRUE(fs::is_empty(folder)) << "trying leaves nothing behind";

  const fs::path gone = folder / "gone";
  expect(check_readable("share", gone, ""), Health::fail, "cannot read " + gone.string(),
         "sudo install -d");
  expect(check_writable("writable", gone, ""), Health::fail, "cannot write to " + gone.string(),
         "sudo install -d");
  const fs::path plain = file("plain", "");
  expect(check_readable("share", plain, ""), Health::fail, "Not a directory", "it is no folder");
  expect(check_writable("download_dir", plain, ""), Health::fail, "Not a directory",
         "it is no folder");
  ::chmod(folder.c_str(), 0775);
  expect(check_state(folder, ""), Health::fail, "mode 0775", "chmod go-w " + folder.string());
}

TEST_F(CheckupTest, AServiceSeesNoHomes) {
  const fs::path home = "/home/no-such-user-here";
  expect(check_readable("share", home, "p2pd"), Health::fail, home.string(),
         "\"ProtectHome=read-only\"");
  expect(check_writable("download_dir", home, "p2pd"), Health::fail, home.string(), "below /srv");
  expect(check_writable("download_dir", home, ""), Health::fail, home.string(), "install -d");
}

TEST_F(CheckupTest, AFolderThatOnlyOthersMayRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ::chmod(folder.c_str(), 0);
  expect(check_readable("share", folder, ""), Health::fail, "Permission denied", "let the user");
  ::chmod(folder.c_str(), 0700);
}

// The group daemon is on every machine, and nothing is its own here.
TEST_F(CheckupTest, WhoMayReadWhatIsFetched) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give a socket to any group";
  base::Config config = member();
  config.control_socket = file("ctl.sock", "", 0660);
  config.download_dir = folder / "downloads";
  fs::create_directory(config.download_dir);
  EXPECT_TRUE(check_fetched(config).empty()) << "nobody else may fetch";
  config.control_group = "daemon";
  EXPECT_TRUE(check_fetched(config).empty()) << "it did not get the socket";
  ASSERT_EQ(::chown(config.control_socket.c_str(), 0, *base::id_of_group("daemon")), 0);
  const auto found = [&] {
    const Checks checks = check_fetched(config);
    return checks.size() == 1 ? checks.front() : Check{};
  };
  ::chmod(folder.c_str(), 0700);
  ::chmod(config.download_dir.c_str(), 0755);
  EXPECT_EQ(found().health, Health::warn);
  EXPECT_NE(found().finding.find(folder.string() + " is closed to them"), std::string::npos);
  ::chmod(folder.c_str(), 0711);
  const mode_t before = ::umask(022);
  EXPECT_EQ(found().health, Health::ok) << found().finding;
  ::chmod(config.download_dir.c_str(), 0711);
  EXPECT_NE(found().remedy.find("chmod g+rx"), std::string::npos) << found().remedy;
  ::chmod(config.download_dir.c_str(), 0755);
  ::umask(027);
  EXPECT_NE(found().remedy.find("download_group = \"daemon\""), std::string::npos)
      << found().remedy;
  config.download_group = "daemon";
  EXPECT_EQ(found().health, Health::ok) << found().finding;
  ::umask(before);
}

TEST_F(CheckupTest, Space) {
  expect(check_space(folder / "gone"), Health::warn, "not known", "see what is said");
  if (::mount("none", folder.c_str(), "tmpfs", 0, "size=2M") != 0)
    GTEST_SKIP() << "nothing may be mounted here";
  expect(check_space(folder), Health::fail, "2 MiB free", "free some space");
  ::mount("none", folder.c_str(), "tmpfs", MS_REMOUNT, "size=100M");
  expect(check_space(folder), Health::warn, "100 MiB free", "free some space");
  ::mount("none", folder.c_str(), "tmpfs", MS_REMOUNT, "size=2G,nr_inodes=9");
  expect(check_space(folder), Health::warn, "more files", "free some space");
  ::mount("none", folder.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "");
  expect(check_writable("download_dir", folder, ""), Health::fail, "Read-only file system",
         "mounted read-only");
  expect(check_writable("download_dir", folder, "p2pd@x"), Health::fail, "Read-only file system",
         "run \"systemctl edit p2pd@x\", write the two lines \"[Service]\" and \"ReadWritePaths=" +
             folder.string() + '"');
  ::umount(folder.c_str());
}

TEST_F(CheckupTest, Secret) {
  base::Config config = member();
  expect_well(check_secret(config, true));
  expect(check_secret(config, false), Health::fail, "in no network", "p2pctl join TOKEN");
  file("identity.key", std::string(64, '6'), 0644);
  expect(check_secret(config, true), Health::fail, "identity.key has mode 0644", "chmod 600");
  file("network.key", "no digits");
  expect(check_secret(config, true), Health::fail, "network.key ", "p2pctl secret new");
  fs::remove(config.secret_file);
  expect(check_secret(config, true), Health::fail, "is not there", "from a backup");
}

TEST_F(CheckupTest, Config) {
  base::Environment environment;
  environment.system = true;
  environment.host_name = "build-07";
  base::Config config = base::load_config(std::nullopt, environment);
  expect_well(check_config(config, environment));
  const fs::path path = file("p2pd.toml", "[node]\nname = \"one\"\n");
  config = base::load_config(path, environment);
  expect_well(check_config(config, environment));
  file("p2pd.toml", "[node]\nname = \"two\"\n");
  expect(check_config(config, environment), Health::warn, "changed: node.name", "restart p2pd");
  file("p2pd.toml", "[node]\nname = \"one\"\nsite = \"x\"\n");
  expect(check_config(config, environment), Health::warn, "changed: node.site", "p2pctl reload");
  file("p2pd.toml", "[node]\nnmae = \"one\"\n");
  expect(check_config(config, environment), Health::fail, path.string() + ":2:1: ", "--check");
}

TEST_F(CheckupTest, Socket) {
  base::Config config;
  config.control_socket = file("p2pd.sock", "");
  expect_well(check_socket(config));
  config.control_group = "no-such-group";
  expect(check_socket(config), Health::warn, "and not to no-such-group", "as a member of");
  config.control_socket = folder / "gone.sock";
  expect(check_socket(config), Health::fail, "not there any more", "restart p2pd");
}

TEST(Checkup, Limits) {
  const auto descriptors = [](std::size_t allowed, std::size_t open, std::size_t wanted) {
    return check_descriptors(base::share_descriptors(allowed, wanted), open, wanted);
  };
  expect_well(descriptors(65'536, 40, 1'000));
  expect(descriptors(1'024, 40, 1'000), Health::warn, "40 of 1024 in use", "LimitNOFILE");
  expect(descriptors(1'024, 40, 1'000), Health::warn, "416 connections, 175 fetches",
         "LimitNOFILE");
  expect(descriptors(1'024, 1'000, 100), Health::fail, "1000 of 1024", "to 2148");
  expect_well(check_memory(64 << 20, 1 << 30));
  expect(check_memory(1 << 30, 1 << 30), Health::warn, "1024 MiB", "lower [limits] memory");
  EXPECT_NE(check_clock().health, Health::fail);
}

TEST(Checkup, ATestIsNoService) {
  EXPECT_EQ(service_unit(), "");
}

} // namespace
} // namespace p2pd::checkup
