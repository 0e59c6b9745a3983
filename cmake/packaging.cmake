# `./dev package`: a .deb whose dependencies are read from the program itself.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing needs the program, not the tests
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gander)
set(CPACK_PACKAGE_VENDOR Gander)
set(CPACK_PACKAGE_CONTACT "Gander maintainers <maintainers@gander.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "host intrusion detection that reads OSSEC's rules")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.52), libcurl4, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS bash-completion)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_SOURCE_DIR}/packaging/debian/postinst"
  "${CMAKE_SOURCE_DIR}/packaging/debian/prerm"
  "${CMAKE_SOURCE_DIR}/packaging/debian/postrm")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Gander decodes the lines of logs, matches rules, correlates events over time
and raises alerts. It reads the configuration, decoders, rules and lists that
were written for OSSEC 4.3, and answers to the names of OSSEC's tools.
.
It comes with rules of its own for the usual services of a small host, and
watches from the moment it is installed: as a user of its own, with a second
small service that runs responses as root.")
include(CPack)
