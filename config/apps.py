from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin_site.AdminSite"


class InstallationConfig(AppConfig):
    """The installation itself: it owns no table, only commands (backup, restore)."""

    name = "config"
    verbose_name = "安装"
